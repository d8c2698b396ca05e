#!/usr/bin/env bash
# Makes record.pcap again: a guest behind Open vSwitch (userspace datapath, no kernel module) pings through a GENEVE tunnel, and the bridge's
# flow rules put the record of record.json on each packet. Needs root, Linux, and Debian's openvswitch-switch, iproute2, iputils-ping and tcpdump.
# Everything is in three network namespaces of its own; it ends what it started and removes them.
set -euo pipefail
cd "$(dirname "$0")"
OUT=${1:-record.pcap}
HOST=geneve-ovs-host GUEST=geneve-ovs-guest FAR=geneve-ovs-far
RUN=$(mktemp -d)
PIDS=()

cleanup() {
  for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
  for name in $HOST $GUEST $FAR; do ip netns del "$name" 2>/dev/null || true; done
  rm -rf "$RUN"
}
trap cleanup EXIT

fail() {
  echo "$1; Open vSwitch says:" >&2
  grep -hE '\|(WARN|ERR|EMER)\|' "$RUN"/*.log >&2 || echo nothing >&2
  exit 1
}
in_host() { ip netns exec $HOST "$@"; }
vsctl() { in_host ovs-vsctl --db="unix:$RUN/db.sock" --timeout=20 "$@"; }

for name in $HOST $GUEST $FAR; do ip netns add "$name"; ip -n "$name" link set lo up; done
ip link add uplink netns $HOST type veth peer name eth0 netns $FAR
ip link add guest netns $HOST type veth peer name eth0 netns $GUEST
ip -n $FAR address add 10.66.0.2/24 dev eth0
ip -n $GUEST address add 192.168.77.1/24 dev eth0
# Only the pings are to be in the capture.
ip netns exec $GUEST sysctl -qw net.ipv6.conf.all.disable_ipv6=1
for name in $FAR $GUEST; do ip -n "$name" link set eth0 up; done
ip -n $HOST link set uplink up
ip -n $HOST link set guest up

export OVS_RUNDIR=$RUN OVS_LOGDIR=$RUN
ovsdb-tool create "$RUN/conf.db" /usr/share/openvswitch/vswitch.ovsschema
in_host ovsdb-server "$RUN/conf.db" --remote="punix:$RUN/db.sock" --unixctl="$RUN/db.ctl" --pidfile="$RUN/db.pid" --log-file="$RUN/db.log" --detach 2>/dev/null
PIDS+=("$(cat "$RUN/db.pid")")
vsctl --no-wait init
in_host ovs-vswitchd "unix:$RUN/db.sock" --unixctl="$RUN/switch.ctl" --pidfile="$RUN/switch.pid" --log-file="$RUN/switch.log" --detach 2>/dev/null
PIDS+=("$(cat "$RUN/switch.pid")")

# br-phy has the host's address; the tunnel port of br-int (port 1) sends through it. The guest is port 2.
vsctl add-br br-phy -- set bridge br-phy datapath_type=netdev fail_mode=standalone -- add-port br-phy uplink
vsctl add-br br-int -- set bridge br-int datapath_type=netdev fail_mode=secure \
  -- add-port br-int guest -- set interface guest ofport_request=2 \
  -- add-port br-int tunnel -- set interface tunnel type=geneve ofport_request=1 options:remote_ip=flow options:key=flow
ip -n $HOST address add 10.66.0.1/24 dev br-phy
ip -n $HOST link set br-phy up
ip netns exec $HOST ping -q -c 2 -i 0.2 -W 2 10.66.0.2 >/dev/null || fail 'the far end does not answer'

# The rules of expected.txt, for this bridge.
while read -r command bridge rule; do
  in_host ovs-ofctl -O OpenFlow15 "$command" "unix:$RUN/$bridge.mgmt" "$rule"
done < <(sed -n "s/^ovs-ofctl \(add-[a-z-]*\) \([a-z-]*\) '\(.*\)'$/\1 \2 \3/p" expected.txt)

in_host tcpdump -Z root -n -U -i uplink -w "$OUT" udp port 6081 2>"$RUN/tcpdump.log" &
PIDS+=("$!")
until grep -qs 'listening on' "$RUN/tcpdump.log"; do sleep 0.1; done
ip -n $GUEST neighbour add 192.168.77.2 lladdr 02:77:00:00:00:02 dev eth0
# Nobody answers: the far end has no tunnel.
ip netns exec $GUEST ping -q -c 3 -i 0.2 -W 1 192.168.77.2 >/dev/null || true
sleep 1
packets=$(tcpdump -Z root -n -r "$OUT" 2>/dev/null | wc -l)
[ "$packets" -eq 3 ] || fail "$OUT has $packets packets, not 3"
