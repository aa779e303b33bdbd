# SPDX-License-Identifier: Apache-2.0
#
# Kafka 3.9 in KRaft mode, one broker with a heap of 256 MB. BROKERS takes anybody; SASL_BROKERS takes USER with PASSWORD by TLS
# (PLAIN; CA signed its certificate), to whom an ACL may forbid things: whoever comes by BROKERS may set it. Topics are
# not made by themselves, and a message has 1 MB at most.
# MBENCH_TEST_KAFKA_JARS names a folder of jars (libs of a Kafka) to use instead of the pinned ones.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=java package=openjdk-17-jre-headless
kafka_name=kafka-3.9.1
jars=${MBENCH_TEST_KAFKA_JARS:-$cache/$kafka_name/jars}

obtain() {
  [ -n "${MBENCH_TEST_KAFKA_JARS:-}" ] || from_maven "$kafka_name" "$ROOT/scripts/servers.d/kafka-jars"
}

# java_with K OPTION... CLASS...: in argv
java_with() {
  argv=(java -Xmx256m -XX:+UseSerialGC -XX:-UsePerfData "-Djava.io.tmpdir=$data" "-Dlog4j.configuration=file:$data/log4j.properties"
    -cp "$jars/*" "$@")
}

voters() {
  local each
  for each in $(seq "$processes"); do echo "$each@127.0.0.1:$(port "controller$each")"; done | paste -sd ,
}

# settings K: of one broker, which is a controller too
settings() {
  local copies=$((processes < 3 ? 1 : 3))
  cat <<SETTINGS
process.roles=broker,controller
node.id=$1
controller.quorum.voters=$(voters)
listeners=PLAINTEXT://127.0.0.1:$(port "broker$1"),SASL_SSL://127.0.0.1:$(port "sasl$1"),CONTROLLER://127.0.0.1:$(port "controller$1")
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=$data/log$1
num.network.threads=2
num.io.threads=2
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=1
offsets.topic.replication.factor=$copies
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=$copies
transaction.state.log.min.isr=1
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
super.users=User:ANONYMOUS
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_mbench="$(password)";
ssl.keystore.type=PEM
ssl.keystore.location=$data/tls/server.pem
SETTINGS
}

prepare() {
  local each argv id
  tls_files && cat "$data"/tls/server.{key,crt} >"$data/tls/server.pem" && chmod 600 "$data/tls/server.pem" || return 1
  cat >"$data/log4j.properties" <<'LOG'
log4j.rootLogger=WARN, stdout
log4j.appender.stdout=org.apache.log4j.ConsoleAppender
log4j.appender.stdout.layout=org.apache.log4j.PatternLayout
log4j.appender.stdout.layout.ConversionPattern=[%d] %p %m (%c)%n
LOG
  id=Mbench$(openssl rand -hex 8)
  for each in $(seq "$processes"); do (umask 077 && settings "$each" >"$data/server$each.properties"); done
  give_to_user "$data"
  for each in $(seq "$processes"); do
    java_with kafka.tools.StorageTool format -t "$id" -c "$data/server$each.properties"
    (cd "$data" && as_user "${argv[@]}") || return 1
  done
}

command_line() { java_with kafka.Kafka "$data/server$1.properties"; }
ready() { listening_6 "$(port "broker$1")"; }

# Java listens by IPv6 also where it is told an address of IPv4.
listening_6() { listening "$1" || awk -v port="$(printf '%04X' "$1")" '$4 == "0A" && $2 ~ ":" port "$" {found = 1} END {exit !found}' /proc/net/tcp6; }

brokers_at() {
  local each
  for each in $(seq "$processes"); do echo "127.0.0.1:$(port "$1$each")"; done | paste -sd ,
}

facts() {
  cat <<FACTS
URL=$(brokers_at broker)
BROKERS=$(brokers_at broker)
SASL_BROKERS=$(brokers_at sasl)
USER=mbench
PASSWORD=$(password)
CA=$dir/tls/ca.crt
OTHER_CA=$dir/tls/other-ca.crt
FACTS
}
