import HTTPTypes
import HeatingModel
import Logging
import Observability
import Synchronization
import TCCClient
import TestSupport

/// API v1, by its rules or by a script, with a client on a clock that a test moves.
struct CloudV1 {
    typealias Answer = Result<HTTPAnswer, TransportFailure>

    /// What its parts answer, unless a script says otherwise.
    private struct State {
        var sessions: Set<String> = []
        var opened = 0
        var scripted: [String: [Answer]] = [:]
    }

    let clock = ManualClock()
    let store: SharedStore
    let transport: ScriptedTransport
    let notUnderstood = Surprises(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    private let state = Shared(State())

    init(_ memory: TokenMemory? = nil) {
        store = SharedStore(memory)
        let state = state
        transport = ScriptedTransport { (exchange, _) throws(TransportFailure) in
            try Self.answer(exchange, state).get()
        }
    }

    func client(pace: SessionPace = .sparing, password: Bool = true, remembered: TokenMemory? = nil) -> SessionClient {
        SessionClient(
            cloud: .vendor,
            transport: transport,
            store: store,
            remembered: remembered ?? store.stored,
            credentials: password ? TokenCase.credentials : nil,
            pace: pace,
            notUnderstood: notUnderstood,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Answers the next requests of a path so, before it goes by its own rules again.
    func answers(_ path: String, _ answers: [Answer]) { state.change { $0.scripted[path, default: []] += answers } }

    /// Whatever is open is over.
    func endSessions() { state.change { $0.sessions = [] } }

    /// The last part of each path that was called.
    var log: [String] {
        transport.exchanges.map { exchange in
            let path = exchange.request.path?.split(separator: "?").first ?? ""
            return path.split(separator: "/").last.map(String.init) ?? ""
        }
    }

    var logins: Int { log.count { $0 == "Session" } }

    private static func answer(_ exchange: ScriptedTransport.Exchange, _ state: Shared<State>) -> Answer {
        let path = String(exchange.request.path?.split(separator: "?").first?.split(separator: "/").last ?? "")
        return state.change { state in
            if let scripted = state.scripted[path]?.first {
                state.scripted[path]?.removeFirst()
                return scripted
            }
            if path == "Session" {
                state.opened += 1
                state.sessions.insert("session\(state.opened)")
                return .answer(200, #"{"sessionId":"session\#(state.opened)","userInfo":{"userID":2263181}}"#)
            }
            let id = HTTPField.Name("sessionId").flatMap { exchange.request.headerFields[$0] }
            guard state.sessions.contains(id ?? "") else { return .ended }
            return path == "accountInfo" ? .answer(200, #"{"userID":2263181}"#) : .locations
        }
    }
}

extension Result<HTTPAnswer, TransportFailure> {
    static let ended = answer(401, #"[{"code":"Unauthorized","message":"Unauthorized"}]"#)
    static let wrongPassword = answer(
        401,
        #"[{"code":"EmailOrPasswordIncorrect","message":"The email or password provided is incorrect."}]"#
    )
    static let locations = answer(
        200,
        #"""
        [{"locationID":1,"devices":[
            {"deviceID":4,"name":"Kitchen","isAlive":true,"thermostat":{"units":"Celsius","indoorTemperature":19.47,
             "indoorTemperatureStatus":"Measured"}},
            {"deviceID":"5","thermostat":{"indoorTemperature":128.0,"indoorTemperatureStatus":"NotAvailable"}},
            {"deviceID":6,"thermostat":{"indoorTemperature":21.5,"indoorTemperatureStatus":"SensorFault"}},
            {"deviceID":7,"isAlive":false,"thermostat":{"indoorTemperature":21.5}},
            {"deviceID":8,"thermostat":{"units":"Fahrenheit","indoorTemperature":70.1}},
            {"deviceID":9,"thermostat":{"indoorTemperature":"warm"}},
            {"deviceID":10}, {"thermostat":{"indoorTemperature":20.0}}, "no device", null]},
         {"locationID":2},
         {"locationID":3,"weather":7,"devices":[
            {"deviceID":11,"thermostatModelType":"DOMESTIC_HOT_WATER","thermostat":{"indoorTemperature":48.2}}]}]
        """#
    )
}

/// Something that a test and its transport both change.
private final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }

    func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        value.withLock { value in body(&value) }
    }
}
