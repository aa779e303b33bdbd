# SPDX-License-Identifier: Apache-2.0
#
# RabbitMQ. URL takes guest; TLS_URL takes USER with PASSWORD by TLS (CA signed its certificate), who may make, write and read nothing
# whose name begins with `closed`. A message has 1 MB at most. The queue `full` takes one message and refuses all others.
# Its first process is the epmd of this server alone, the second one the broker. `scripts/alarm on` is short of memory, until `off`.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154

program=rabbitmq-server package=rabbitmq-server processes=2 patience=180

rabbit_node() { echo "mbench$(port main)@localhost"; }

# The wrapper of Debian wants to be root or the user rabbitmq, and so does its service: these are the programs behind it.
rabbit_environment() {
  local folder
  printf '%s\n' "RABBITMQ_NODENAME=$(rabbit_node)" "RABBITMQ_DIST_PORT=$(port dist)" "ERL_EPMD_PORT=$(port epmd)" ERL_EPMD_ADDRESS=127.0.0.1 \
    "RABBITMQ_CONFIG_FILE=$data/rabbitmq.conf" "RABBITMQ_ENABLED_PLUGINS_FILE=$data/enabled_plugins" RABBITMQ_LOGS=- \
    "RABBITMQ_CONF_ENV_FILE=$data/none" "RABBITMQ_ADVANCED_CONFIG_FILE=$data/none" "RABBITMQ_PID_FILE=$data/pid" \
    "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}"
  for folder in MNESIA LOG SCHEMA GENERATED_CONFIG; do
    case $folder in
      MNESIA | LOG) echo "RABBITMQ_${folder}_BASE=$data/${folder,,}" ;;
      *) echo "RABBITMQ_${folder}_DIR=$data/${folder,,}" ;;
    esac
  done
}

prepare() {
  local each environment
  tls_files
  cat >"$data/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$(port main)
listeners.ssl.1 = 127.0.0.1:$(port tls)
ssl_options.cacertfile = $data/tls/ca.crt
ssl_options.certfile = $data/tls/server.crt
ssl_options.keyfile = $data/tls/server.key
load_definitions = $data/definitions.json
max_message_size = 1000000
disk_free_limit.absolute = 1MB
log.console.level = warning
CONF
  (umask 077 && cat >"$data/definitions.json") <<JSON
{"vhosts": [{"name": "/"}, {"name": "own"}],
 "users": [{"name": "guest", "password": "guest", "tags": "administrator"}, {"name": "mbench", "password": "$(password)", "tags": ""}],
 "permissions": [
  {"user": "guest", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"},
  {"user": "guest", "vhost": "own", "configure": ".*", "write": ".*", "read": ".*"},
  {"user": "mbench", "vhost": "/", "configure": "^(?!closed)", "write": "^(?!closed)", "read": "^(?!closed)"}],
 "queues": [
  {"name": "full", "vhost": "/", "durable": true, "auto_delete": false,
   "arguments": {"x-max-length": 1, "x-overflow": "reject-publish"}},
  {"name": "closed", "vhost": "/", "durable": true, "auto_delete": false, "arguments": {}}]}
JSON
  echo '[].' >"$data/enabled_plugins"
  (umask 077 && openssl rand -hex 16 | tr -d '\n' >"$data/.erlang.cookie") && chmod 400 "$data/.erlang.cookie"
  mapfile -t environment < <(rabbit_environment)
  script alarm <<SCRIPT
case \$1 in on) limit=0.00000001 ;; off) limit=0.4 ;; *) echo 'alarm on|off' >&2; exit 2 ;; esac
exec env HOME=$data$(printf ' %q' "${environment[@]}") ${user[*]} /usr/lib/rabbitmq/bin/rabbitmqctl set_vm_memory_high_watermark \$limit
SCRIPT
  give_to_user "$data"
}

command_line() {
  local environment
  mapfile -t environment < <(rabbit_environment)
  case $1 in
    1) argv=(epmd -port "$(port epmd)" -address 127.0.0.1) ;;
    2) argv=(env "${environment[@]}" /usr/lib/rabbitmq/bin/rabbitmq-server) ;;
  esac
}

ready() {
  case $1 in
    1) listening "$(port epmd)" ;;
    2) listening "$(port main)" && listening "$(port tls)" ;;
  esac
}

facts() {
  cat <<FACTS
URL=amqp://127.0.0.1:$(port main)
PORT=$(port main)
TLS_URL=amqps://127.0.0.1:$(port tls)
USER=mbench
PASSWORD=$(password)
CA=$dir/tls/ca.crt
OTHER_CA=$dir/tls/other-ca.crt
ALARM=$data/scripts/alarm
FACTS
}
