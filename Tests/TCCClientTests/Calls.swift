import Basics
import HTTPTypes
import HeatingModel
import Logging
import Observability
import TCCClient
import TestSupport

/// A client with a valid token at hand, whose cloud answers by a script.
struct Calls {
    let transport: ScriptedTransport
    let client: TCCClient
    let clock = ManualClock()

    /// - Parameter answers: One after the other, those of the token endpoint among them.
    init(_ answers: [Result<HTTPAnswer, TransportFailure>]) {
        transport = ScriptedTransport(answers)
        var memory = TokenMemory(salt: 1)
        memory.access = AccessToken(value: Secret("first"), expires: clock.now + .seconds(1500))
        memory.refresh = RefreshToken(value: Secret("refresh"))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let tokens = TokenProvider(
            endpoint: TokenEndpoint(cloud: .vendor, transport: transport),
            store: SharedStore(memory),
            credentials: nil,
            clock: clock,
            logger: logger
        )
        client = TCCClient(cloud: .vendor, transport: transport, tokens: tokens, clock: clock, logger: logger)
    }

    /// The paths that were called, with the token that each was called with.
    var log: [String] {
        transport.exchanges.map { exchange in
            let token = exchange.request.headerFields[.authorization]?.split(separator: " ").last ?? ""
            let path = exchange.request.path ?? ""
            return path.contains("Token") ? "token" : "\(path) \(token)"
        }
    }

    static let location = Location(
        id: "1",
        name: "Home",
        timeZone: LocationTimeZone(windowsName: "GMTStandardTime", offsetMinutes: 0),
        systems: []
    )
}

extension Result<HTTPAnswer, TransportFailure> {
    static func answer(_ status: Int, _ body: String, _ fields: HTTPFields = [:]) -> Self {
        .success(HTTPAnswer(status: status, headerFields: fields, body: Array(body.utf8)))
    }

    static let newToken = answer(200, #"{"access_token":"second","expires_in":1799,"refresh_token":"next"}"#)
    static let unauthorised = answer(401, #"[{"code":"Unauthorized","message":"Unauthorized."}]"#)
    static let emptyStatus = answer(200, #"{"locationId":"1","gateways":[]}"#)
}

extension Calls {
    /// Why the status is not to be had; `nil` when it is.
    func statusFailure() async -> CloudFailure? {
        do throws(CloudFailure) {
            _ = try await client.status(of: Self.location)
            return nil
        } catch {
            return error
        }
    }
}
