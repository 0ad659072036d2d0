import AsyncHTTPClient
import Basics
import Foundation
import NIOCore
import NIOHTTP1
import Observability

/// Home Assistant's Supervisor, where the program runs as one of its add-ons.
///
/// It gives each add-on a token, and tells those that ask for the service `mqtt` which broker there is
/// (developers.home-assistant.io, "Add-on communication").
struct Supervisor {
    private let address: String
    private let token: Secret

    /// - Returns: `nil` where there is no Supervisor.
    init?(environment: [String: String]) {
        guard let token = environment["SUPERVISOR_TOKEN"], !token.isEmpty else { return nil }
        self.token = Secret(token)
        address = environment["SUPERVISOR_API"] ?? "http://supervisor"
    }

    /// The broker that it offers, as settings.
    ///
    /// - Throws: ``Failure`` when it offers none, or cannot be asked.
    func broker() async throws(Failure) -> [SettingKey: String] {
        let (status, body) = try await ask("services/mqtt")
        switch status {
        case 200:
            guard let answer = try? JSONDecoder().decode(Answer.self, from: body) else {
                throw Failure(.unreachable, "Home Assistant's Supervisor named an MQTT broker in an unknown form.")
            }
            return answer.data.settings
        case 401, 403:
            throw Failure(
                .configuration,
                "Home Assistant's Supervisor does not let the add-on ask for an MQTT broker: its manifest needs "
                    + "`services: [mqtt:want]`, or mqtt.url must be set."
            )
        default:
            throw Failure(
                .unreachable,
                "Home Assistant's Supervisor knows no MQTT broker: start the add-on Mosquitto broker, or set mqtt.url."
            )
        }
    }

    private func ask(_ path: String) async throws(Failure) -> (status: UInt, body: Data) {
        var request = HTTPClientRequest(url: "\(address)/\(path)")
        request.headers.add(name: "Authorization", value: "Bearer \(token.revealed)")
        do {
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(5))
            let body = try await response.body.collect(upTo: 1 << 16)
            return (response.status.code, Data(body.readableBytesView))
        } catch {
            throw Failure(
                .unreachable,
                "Home Assistant's Supervisor does not answer at \(address); try again later, or set mqtt.url."
            )
        }
    }

    /// What `GET /services/mqtt` answers.
    private struct Answer: Decodable {
        var data: Broker

        struct Broker: Decodable {
            var host: String
            var port: Int
            var ssl: Bool?
            var username: String?
            var password: String?

            var settings: [SettingKey: String] {
                var settings: [SettingKey: String] = [.mqttURL: "\(ssl == true ? "mqtts" : "mqtt")://\(host):\(port)"]
                settings[.mqttUsername] = username
                settings[.mqttPassword] = password
                return settings
            }
        }
    }
}
