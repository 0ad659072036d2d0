import Basics
import Foundation
import Logging
import Testing

@testable import MosquittoClient

@Suite struct MQTTConfigurationTests {
    @Test(
        "A configuration that cannot work is refused with a sentence that names the value",
        arguments: [
            (\MQTTConfiguration.host, "", "host"),
            (\.clientID, "", "client id"),
            (\.clientID, "a\u{0}", "client id"),
        ] as [(any WritableKeyPath<MQTTConfiguration, String> & Sendable, String, String)]
    )
    func text(key: any WritableKeyPath<MQTTConfiguration, String> & Sendable, value: String, word: String) {
        var configuration = MQTTConfiguration(host: "localhost", clientID: "test")
        configuration[keyPath: key] = value
        expectRefusal(of: configuration, naming: word)
    }

    @Test("Numbers, durations, passwords, filters and the last will are checked")
    func others() {
        func refused(_ word: String, _ change: (inout MQTTConfiguration) -> Void) {
            var configuration = MQTTConfiguration(host: "localhost", clientID: "test")
            change(&configuration)
            expectRefusal(of: configuration, naming: word)
        }
        refused("port 0") { $0.port = 0 }
        refused("65536") { $0.port = 65_536 }
        refused("keep-alive") { $0.keepAlive = .seconds(4) }
        refused("session expiry") { $0.sessionExpiry = .seconds(-1) }
        refused("maximum packet size") { $0.maximumPacketSize = 10 }
        refused("user name") { $0.password = Secret("hunter2") }
        refused("wrong place") { $0.subscriptions = ["a/#/b"] }
        refused("last will") { $0.lastWill = MQTTMessage(topic: "a/+", payload: []) }
        refused("together") { $0.tls = MQTTTLSConfiguration(certificateFile: "/dev/null") }
    }

    @Test("A file that is missing is named when the client is made")
    func missingFile() {
        var configuration = MQTTConfiguration(host: "localhost", clientID: "test")
        configuration.tls = MQTTTLSConfiguration(caFile: "/nowhere/ca.pem")
        let error = #expect(throws: MQTTError.self) {
            _ = try MosquittoClient(configuration: configuration, logger: Logger(label: "test"))
        }
        #expect(error?.description.contains("/nowhere/ca.pem cannot be read: no such file or directory") == true)
    }

    @Test("A password is in no error and in no description")
    func secrets() {
        var configuration = MQTTConfiguration(host: "", username: "u", password: Secret("hunter2"), clientID: "test")
        #expect(!"\(configuration)".contains("hunter2"))
        #expect(!String(reflecting: configuration).contains("hunter2"))
        configuration.password = Secret("hunter2\0")
        let error = #expect(throws: MQTTError.self) { try configuration.validate() }
        #expect(error.map { !"\($0)".contains("hunter2") } == true)
    }

    private func expectRefusal(of configuration: MQTTConfiguration, naming word: String) {
        let error = #expect(throws: MQTTError.self) { try configuration.validate() }
        guard case .invalidConfiguration(let problem) = error else { return #expect(Bool(false), "\(word)") }
        #expect(problem.contains(word), "\(problem)")
    }
}
