"""The brokers: how each is started, and what it is expected not to do."""

import glob
import json
import os
import shutil
from dataclasses import dataclass, field

from processes import Process, free_port

# Runs a command in the root that setup made, with its own /proc, and ends everything with it.
INSIDE = """root=$1 folder=$2; shift 2
mount --rbind /dev "$root/dev"; mount -t proc proc "$root/proc"; mount -t tmpfs tmpfs "$root/tmp"
mkdir "$root/tmp/broker"; mount --bind "$folder" "$root/tmp/broker"; exec chroot "$root" "$@" """


@dataclass
class Broker:
    name: str
    # From the folder of the brokers, the folder of this test and a port to the command that starts it, with its
    # environment; None where it is not here.
    command: object
    versions: tuple = ("5", "3.1.1")
    username: str = ""
    # What others publish with. A broker with QoS 0 only cuts off whoever uses more.
    quality: str = "1"
    retains: bool = True
    commands: bool = True
    # Words of the one warning that says what is missing; none for a broker that does everything.
    missing: tuple = ()
    # What of the bridge's topics does not arrive: where the topic begins, from which size on.
    denied: str = ""
    limit: int = 1 << 30
    flags: tuple = ()
    # For the bridge.
    environment: dict = field(default_factory=dict)

    def process(self, brokers, folder, port):
        found = self.command(brokers, folder, port)
        if not found:
            return None
        command, environment = found
        return Process("broker", folder, *command, **environment)


def inside(brokers, folder, *command):
    """A command in Debian's root; None where there is none."""
    root = os.path.join(brokers, "sid")
    if os.geteuid() != 0 or not os.path.exists(os.path.join(root, "whole")):
        return None
    return ("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", INSIDE, "inside", root, folder, *command)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def plugin():
    """Debian's folder of it depends on the machine."""
    found = glob.glob("/usr/lib/*/mosquitto_dynamic_security.so")
    return found[0] if found else "/usr/lib/mosquitto_dynamic_security.so"


# Mosquitto itself cannot do without wildcards: its plugin for access control refuses the filters that the bridge uses.
SUBJECTS = ("zone/+", "zone/+/schedule", "hot_water", "hot_water/schedule", "system")
WILDCARDS = [f"evohome/+/{subject}/set{end}" for subject in SUBJECTS for end in ("", "/+")] + [
    "evohome/bridge/request/+",
    "evohome/+/zones/set",
]
NO_WILDCARDS = {
    "defaultACLAccess": {
        "publishClientSend": True,
        "publishClientReceive": True,
        "subscribe": True,
        "unsubscribe": True,
    },
    "anonymousGroup": "all",
    "groups": [{"groupname": "all", "roles": [{"rolename": "plain"}]}],
    "roles": [
        {
            "rolename": "plain",
            "acls": [{"acltype": "subscribeLiteral", "topic": topic, "allow": False} for topic in WILDCARDS],
        }
    ],
}


def mosquitto(*lines, sid=False):
    def command(brokers, folder, port):
        place = "/tmp/broker" if sid else folder
        user = ["user root"] if os.geteuid() == 0 else []
        access = [] if any("allow_anonymous" in line for line in lines) else ["allow_anonymous true"]
        text = [*user, f"listener {port} 127.0.0.1", *access, *(line.replace("FOLDER", place).replace("PLUGIN", plugin()) for line in lines)]
        write(folder, "mosquitto.conf", "\n".join(text) + "\n")
        write(folder, "dynsec.json", json.dumps(NO_WILDCARDS))
        write(folder, "acl", "topic readwrite evohome/#\ntopic read homeassistant/#\n")
        program = ("mosquitto", "-c", f"{place}/mosquitto.conf")
        if not sid:
            return shutil.which("mosquitto") and (program, {})
        wrapped = inside(brokers, folder, *program)
        return wrapped and (wrapped, {})

    return command


def rabbitmq(brokers, folder, port):
    os.makedirs(os.path.join(folder, "rabbitmq"), exist_ok=True)
    write(
        folder,
        "rabbitmq.conf",
        f"listeners.tcp.1 = 127.0.0.1:{free_port()}\nmqtt.listeners.tcp.1 = 127.0.0.1:{port}\n"
        "loopback_users = none\nanonymous_login_user = guest\nanonymous_login_pass = guest\nlog.console = true\n"
        "disk_free_limit.absolute = 1MB\n",
    )
    write(folder, "enabled_plugins", "[rabbitmq_mqtt].\n")
    environment = {
        "HOME": "/tmp/broker/rabbitmq",
        "LANG": "C.UTF-8",
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "ERL_EPMD_PORT": str(free_port()),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": "rabbit@localhost",
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_CONFIG_FILE": "/tmp/broker/rabbitmq.conf",
        "RABBITMQ_ENABLED_PLUGINS_FILE": "/tmp/broker/enabled_plugins",
        "RABBITMQ_MNESIA_BASE": "/tmp/broker/rabbitmq",
        "RABBITMQ_LOG_BASE": "/tmp/broker/rabbitmq",
        "RABBITMQ_PID_FILE": "/tmp/broker/rabbitmq/pid",
    }
    wrapped = inside(brokers, folder, "/usr/lib/rabbitmq/bin/rabbitmq-server")
    return wrapped and (wrapped, environment)


def ejabberd(brokers, folder, port):
    os.makedirs(os.path.join(folder, "ejabberd"), exist_ok=True)
    write(
        folder,
        "ejabberd.yml",
        "hosts: [localhost]\nloglevel: info\nauth_method: [anonymous]\nanonymous_protocol: login_anon\n"
        f"allow_multiple_connections: true\nlisten:\n  - {{port: {port}, ip: '127.0.0.1', module: mod_mqtt}}\n"
        "modules:\n  mod_mqtt: {}\n",
    )
    environment = {
        "HOME": "/tmp/broker/ejabberd",
        "LANG": "C.UTF-8",
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "EJABBERD_CONFIG_PATH": "/tmp/broker/ejabberd.yml",
        "EJABBERD_LOG_PATH": "/tmp/broker/ejabberd/ejabberd.log",
        "ERL_LIBS": "/usr/lib/x86_64-linux-gnu" if os.uname().machine == "x86_64" else "/usr/lib/aarch64-linux-gnu",
    }
    wrapped = inside(
        brokers,
        folder,
        *("erl", "-noinput", "-mnesia", "dir", '"/tmp/broker/ejabberd"', "-s", "ejabberd"),
    )
    return wrapped and (wrapped, environment)


def amqtt(brokers, folder, port):
    program = os.path.join(brokers, "amqtt", "bin", "amqtt")
    if not os.path.exists(program):
        return None
    path = write(
        folder,
        "amqtt.yaml",
        f"listeners:\n  default:\n    type: tcp\n    bind: 127.0.0.1:{port}\n"
        "plugins:\n  amqtt.plugins.authentication.AnonymousAuthPlugin:\n    allow_anonymous: true\n",
    )
    return (program, "-c", path), {}


RETAINED, QOS, LARGE = "retained messages", "QoS 1 (QoS 0 is used", "larger than the broker allows"

BROKERS = [
    Broker("Mosquitto of this machine", mosquitto()),
    Broker("Mosquitto of Debian sid", mosquitto(sid=True)),
    Broker("RabbitMQ", rabbitmq),
    Broker("ejabberd", ejabberd, username="bridge@localhost"),
    Broker("amqtt", amqtt, versions=("3.1.1",)),
    Broker("no retained messages", mosquitto("retain_available false"), retains=False, missing=(RETAINED,)),
    Broker("QoS 0 only", mosquitto("max_qos 0"), missing=(QOS,), quality="0"),
    Broker(
        "neither, mqtt.qos 0",
        mosquitto("retain_available false", "max_qos 0"),
        retains=False,
        # Over 3.1.1 a will of QoS 0 cannot show that there is no QoS 1.
        missing=(RETAINED,),
        quality="0",
        flags=("--mqtt-qos", "0"),
    ),
    Broker("small packets", mosquitto("max_packet_size 3000"), missing=(LARGE,), limit=2900),
    Broker(
        "small packets, mqtt.qos 0",
        mosquitto("max_packet_size 3000"),
        missing=(LARGE,),
        limit=2900,
        flags=("--mqtt-qos", "0"),
    ),
    Broker("one message at a time", mosquitto("max_inflight_messages 1")),
    Broker("no wildcards", mosquitto("plugin PLUGIN", "plugin_opt_config_file FOLDER/dynsec.json"), missing=("/+/",)),
    Broker("some topics denied", mosquitto("acl_file FOLDER/acl"), denied="homeassistant/"),
]


def newest_library(brokers):
    """The bridge with Debian sid's libmosquitto, where the system can load it: a list of one broker, or of none."""
    library = os.path.join(brokers, "library")
    if not os.path.isdir(library):
        return []
    return [
        Broker(
            "libmosquitto of Debian sid",
            mosquitto(),
            environment={"LD_LIBRARY_PATH": library},
        )
    ]
