import AsyncHTTPClient
import Basics
import BridgeCore
import Foundation
import NIOCore
import NIOHTTP1
import Observability

/// Home Assistant's Supervisor, if the program runs as one of its apps (add-ons).
///
/// It gives each app a token, tells it about itself, and names the broker to apps that ask for the service `mqtt`
/// (developers.home-assistant.io, "Add-on communication").
struct Supervisor {
    private let address: String
    private let token: Secret

    /// - Returns: `nil` without a Supervisor.
    init?(environment: [String: String]) {
        guard let token = environment["SUPERVISOR_TOKEN"], !token.isEmpty else { return nil }
        self.token = Secret(token)
        address = environment["SUPERVISOR_API"] ?? "http://supervisor"
    }

    /// The broker that it offers, as settings.
    ///
    /// - Throws: ``Failure`` if it offers none, or cannot be asked.
    func broker() async throws(Failure) -> [SettingKey: String] {
        let (status, body) = try await ask("services/mqtt")
        switch status {
        case 200:
            guard let answer = try? JSONDecoder().decode(Answer<Broker>.self, from: body) else {
                throw Failure(
                    .unreachable,
                    "Home Assistant's Supervisor described the MQTT broker in an unknown form: set mqtt.url."
                )
            }
            return answer.data.settings
        case 401, 403:
            throw Failure(
                .configuration,
                "Home Assistant's Supervisor does not let this app ask for an MQTT broker: add "
                    + "`services: [mqtt:want]` to its manifest, or set mqtt.url."
            )
        default:
            throw Failure(
                .unreachable,
                "Home Assistant's Supervisor knows no MQTT broker: start the app Mosquitto broker, or set mqtt.url."
            )
        }
    }

    /// Where Home Assistant shows the page of this app, as the setting has it.
    ///
    /// - Returns: `nil` if the page is not in its sidebar, or the Supervisor does not say. How to reach it otherwise differs
    ///   between releases of Home Assistant.
    func page() async -> String? {
        guard let (status, body) = try? await ask("addons/self/info"), status == 200,
            let answer = try? JSONDecoder().decode(Answer<AddOn>.self, from: body), answer.data.isInSidebar == true
        else { return nil }
        let address = "homeassistant://\(answer.data.slug)"
        return PageAddress(setting: address) == nil ? nil : address
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
                "Home Assistant's Supervisor does not answer at \(address): try again later, or set mqtt.url."
            )
        }
    }

    private struct Answer<Content: Decodable>: Decodable {
        var data: Content
    }

    /// The answer to `GET /services/mqtt`.
    private struct Broker: Decodable {
        var host: String
        var port: Int
        var ssl: Bool?
        var username: String?
        var password: String?

        var settings: [SettingKey: String] {
            var settings: [SettingKey: String] = ["mqtt.url": "\(ssl == true ? "mqtts" : "mqtt")://\(host):\(port)"]
            settings["mqtt.username"] = username
            settings["mqtt.password"] = password
            return settings
        }
    }

    /// The answer to `GET /addons/self/info`.
    private struct AddOn: Decodable {
        var slug: String
        /// Whether it is shown in the sidebar.
        var isInSidebar: Bool?

        enum CodingKeys: String, CodingKey {
            case slug
            case isInSidebar = "ingress_panel"
        }
    }
}
