import Foundation

/// What a request of a client of API v2 is about. Paths are not case-sensitive, as on the vendor's servers.
enum VendorPath: Hashable {
    enum Kind: String {
        case location
        case gateway
        case system = "temperaturecontrolsystem"
        case zone = "temperaturezone"
        case hotWater = "domestichotwater"
    }

    enum Aspect: String {
        case installation = "installationinfo"
        case status
        case mode
        case setpoint = "heatsetpoint"
        case state
        case schedule
    }

    case account
    case installation
    case gateways
    case entity(Kind, id: String, Aspect)
    case task

    static let base = "/webapi/emea/api/v1/"

    /// - Parameter path: What follows ``base``.
    init?(_ path: Substring) {
        let levels = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch levels.map({ $0.lowercased() }) {
        case ["useraccount"]: self = .account
        case ["location", "installationinfo"]: self = .installation
        case ["gateway"]: self = .gateways
        case ["commtasks"]: self = .task
        case let words where words.count == 3:
            guard let kind = Kind(rawValue: words[0]), let aspect = Aspect(rawValue: words[2]),
                Self.aspects(of: kind).contains(aspect)
            else { return nil }
            self = .entity(kind, id: levels[1], aspect)
        default: return nil
        }
    }

    private static func aspects(of kind: Kind) -> Set<Aspect> {
        switch kind {
        case .location, .gateway: [.installation, .status]
        case .system: [.installation, .status, .mode]
        case .zone: [.installation, .status, .setpoint, .schedule]
        case .hotWater: [.installation, .status, .state, .schedule]
        }
    }

    var methods: Set<String> {
        switch self {
        case .account, .installation, .gateways, .task: ["GET"]
        case .entity(_, id: _, .installation), .entity(_, id: _, .status): ["GET"]
        case .entity(_, id: _, .schedule): ["GET", "PUT"]
        case .entity(_, id: _, .mode), .entity(_, id: _, .setpoint), .entity(_, id: _, .state): ["PUT"]
        }
    }
}

/// What a request of a client of API v1 is about.
enum VendorPathV1: Hashable {
    /// A part of a device.
    enum Part: String {
        case whole = ""
        case thermostat
        case values = "thermostat/changeablevalues"
        case setpoint = "thermostat/changeablevalues/heatsetpoint"
    }

    case session
    case account
    case locations
    case devices
    case device(id: String, Part)
    /// Modes of control systems. The vendor has removed this one; clients that use it work again here.
    case systems
    case task

    static let base = "/webapi/api/"

    /// - Parameter path: What follows ``base``.
    init?(_ path: Substring) {
        let levels = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch levels.map({ $0.lowercased() }) {
        case ["session"]: self = .session
        case ["accountinfo"]: self = .account
        case ["locations"]: self = .locations
        case ["devices"]: self = .devices
        case ["evotouchsystems"]: self = .systems
        case ["commtasks"]: self = .task
        case let words where words.first == "devices":
            guard let part = Part(rawValue: words.dropFirst(2).joined(separator: "/")) else { return nil }
            self = .device(id: levels[1], part)
        default: return nil
        }
    }

    var methods: Set<String> {
        switch self {
        case .session: ["POST", "PUT", "DELETE"]
        case .account, .locations, .devices, .task: ["GET"]
        case .systems: ["PUT"]
        case .device(id: _, .whole), .device(id: _, .thermostat): ["GET"]
        case .device(id: _, .values), .device(id: _, .setpoint): ["GET", "PUT"]
        }
    }
}

/// A request of a client, without the types of the HTTP library.
struct VendorRequest: Sendable {
    var method: String
    /// Percent-decoded, without its query.
    var path: String
    var query: [(name: String, value: String)] = []
    /// `Authorization`.
    var authorization: String?
    /// `sessionId` of API v1.
    var session: String?
    var body: [UInt8] = []

    /// A parameter of the query; its name is not case-sensitive.
    func parameter(_ name: String) -> String? {
        query.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    func flag(_ name: String) -> Bool { parameter(name)?.lowercased() == "true" }

    /// The fields of a form.
    var form: [String: String] {
        Dictionary(FormFields.read(String(decoding: body, as: UTF8.self)).map { ($0.name, $0.value) }) { $1 }
    }
}

/// `application/x-www-form-urlencoded`: forms and queries.
enum FormFields {
    static func read(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&").prefix(100).map { field in
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(parts[0]), parts.count > 1 ? decode(parts[1]) : "")
        }
    }

    private static func decode(_ text: some StringProtocol) -> String {
        let spaced = String(text.map { $0 == "+" ? " " : $0 })
        return spaced.removingPercentEncoding ?? spaced
    }
}

extension String {
    /// Whether it consists of digits, as ids do.
    var isNumeric: Bool { !isEmpty && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }
}
