import Foundation
import TCCSimulator
import TestSupport
import Testing

@Suite("As an add-on of Home Assistant", .timeLimit(.minutes(1)))
struct SupervisorTests {
    @Test("The broker that the Supervisor offers is used where none is configured")
    func offered() async throws {
        try await World.exists { world in
            let supervisor = try SupervisorStandIn(
                #"{"result":"ok","data":{"host":"127.0.0.1","port":\#(world.broker.port),"ssl":false,"#
                    + #""protocol":"3.1.1","username":"addons","password":"hunter2secret","addon":"core_mosquitto"}}"#
            )
            let options = world.directory.appending(path: "options.json")
            let text = """
                {"account": {"username": "user@example.com", "password": "password"}, "mqtt": {"base_topic": "heating"},
                 "cloud": {"url": "\(try await world.cloud.url)"}, "state": {"file": "\(world.stateFile.path())"}}
                """
            try Data(text.utf8).write(to: options)
            let environment = supervisor.environment.merging(["EVOHOME_CONFIG": options.path()]) { $1 }
            let process = try await BridgeProcess.start(arguments: ["run"], environment: environment)
            try await eventually { world.watcher.last(on: "heating/bridge/state") == "online" }
            let ending = try await process.stop()
            #expect(ending.exitCode == 0)

            let check = try await BridgeProcess.run(["config", "check"], environment: environment)
            #expect(check.output.contains("Home Assistant's Supervisor"), "\(check.output)")
            #expect(!check.output.contains("hunter2secret") && !ending.log.contains("hunter2secret"))
            #expect(supervisor.requests.allSatisfy { $0.contains("uthorization: Bearer a-token\r\n") })
            #expect(supervisor.requests.count == 2)
        }
    }

    @Test("A broker that is configured is not asked for")
    func configured() async throws {
        let supervisor = try SupervisorStandIn("{}")
        let environment = supervisor.environment.merging(["EVOHOME_MQTT_URL": "mqtt://broker"]) { $1 }
        let check = try await BridgeProcess.run(["config", "check", "--state-file", "s"], environment: environment)
        #expect(check.exitCode == 0)
        #expect(supervisor.requests.isEmpty)
    }

    @Test(
        "Home Assistant's devices lead to the page in its sidebar, and nowhere if it is not there",
        arguments: [
            (#"{"data":{"slug":"a0d7_evohome_mqtt","ingress_panel":true}}"#, "homeassistant://a0d7_evohome_mqtt"),
            (#"{"data":{"slug":"a0d7_evohome_mqtt","ingress_panel":false}}"#, "-"),
            (#"{"data":{"slug":"a/../b","ingress_panel":true}}"#, "-"), ("nonsense", "-"),
        ]
    )
    func sidebar(answer: String, address: String) async throws {
        let supervisor = try SupervisorStandIn("{}", aboutItself: answer)
        let environment = supervisor.environment.merging([
            "EVOHOME_MQTT_URL": "mqtt://broker", "EVOHOME_HTTP_LISTEN": "0.0.0.0:8080",
        ]) { $1 }
        let check = try await BridgeProcess.run(["config", "check", "--state-file", "s"], environment: environment)
        #expect(check.exitCode == 0, "\(check.log)")
        let row = try #require(check.output.split(separator: "\n").first { $0.contains("http.url") })
        #expect(row.contains(address), "\(row)")
        #expect(supervisor.requests.count == 1)
    }

    @Test(
        "A Supervisor that has no broker, forbids the request or answers nonsense is reported as such",
        arguments: [
            ("400 Bad Request", #"{"result":"error","message":"Service not enabled"}"#, 69, "Mosquitto broker"),
            ("403 Forbidden", "", 78, "services: [mqtt:want]"),
            ("200 OK", #"{"result":"ok","data":{"host":7}}"#, 69, "unknown form"),
        ]
    )
    func refused(status: String, body: String, exitCode: Int32, phrase: String) async throws {
        let supervisor = try SupervisorStandIn(body, status: status)
        let ending = try await BridgeProcess.run(["run", "--state-file", "s"], environment: supervisor.environment)
        #expect(ending.exitCode == exitCode)
        #expect(ending.log.contains(phrase), "\(ending.log)")
    }

    @Test("A Supervisor that is away is said to be so")
    func away() async throws {
        let environment = ["SUPERVISOR_TOKEN": "a-token", "SUPERVISOR_API": "http://127.0.0.1:\(try freePort())"]
        let ending = try await BridgeProcess.run(["run", "--state-file", "s"], environment: environment)
        #expect(ending.exitCode == 69)
        #expect(ending.log.contains("does not answer"), "\(ending.log)")
    }
}
