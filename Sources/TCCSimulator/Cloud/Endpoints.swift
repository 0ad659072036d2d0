/// What a path of API v2 names. Paths are not case-sensitive, as on the vendor's servers.
enum Endpoint: Hashable {
    enum Kind: String {
        case location
        case gateway
        case system = "temperaturecontrolsystem"
        case zone = "temperaturezone"
        case hotWater = "domestichotwater"
    }

    enum Aspect: String {
        case installationInfo = "installationinfo"
        case status
        case mode
        case heatSetpoint = "heatsetpoint"
        case state
        case schedule
    }

    case userAccount
    case locations
    case gateways
    case entity(Kind, String, Aspect)
    case communicationTask

    static let base = "/webapi/emea/api/v1/"

    /// - Parameter path: What follows ``base``.
    init?(_ path: Substring) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch (parts.count, parts[0].lowercased()) {
        case (1, "useraccount"): self = .userAccount
        case (1, "commtasks"): self = .communicationTask
        case (1, "gateway"): self = .gateways
        case (2, "location") where parts[1].lowercased() == "installationinfo": self = .locations
        case (3, let name):
            guard let kind = Kind(rawValue: name), let aspect = Aspect(rawValue: parts[2].lowercased()),
                Self.has(kind, aspect)
            else { return nil }
            self = .entity(kind, parts[1], aspect)
        default: return nil
        }
    }

    private static func has(_ kind: Kind, _ aspect: Aspect) -> Bool {
        switch aspect {
        case .installationInfo, .status: true
        case .mode: kind == .system
        case .heatSetpoint: kind == .zone
        case .state: kind == .hotWater
        case .schedule: kind == .zone || kind == .hotWater
        }
    }

    /// The methods that it supports.
    var methods: [String] {
        switch self {
        case .userAccount, .locations, .gateways, .communicationTask: ["GET"]
        case .entity(_, _, .installationInfo), .entity(_, _, .status): ["GET"]
        case .entity(_, _, .mode), .entity(_, _, .heatSetpoint), .entity(_, _, .state): ["PUT"]
        case .entity(_, _, .schedule): ["GET", "PUT"]
        }
    }
}

/// What a path of API v1 names. The vendor has removed `evoTouchSystems`, the path of system modes.
enum EndpointV1: Hashable {
    case session
    case account
    case locations
    case gateways
    case devices
    case device(String)
    case thermostat(String)
    case changeableValues(String)
    case heatSetpoint(String)
    case communicationTask

    static let base = "/webapi/api/"

    /// - Parameter path: What follows ``base``.
    init?(_ path: Substring) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        switch parts.map({ $0.lowercased() }) {
        case ["session"]: self = .session
        case ["accountinfo"]: self = .account
        case ["locations"]: self = .locations
        case ["gateways"]: self = .gateways
        case ["devices"]: self = .devices
        case ["commtasks"]: self = .communicationTask
        case let names where names.first == "devices" && names.count > 1:
            switch names.dropFirst(2) {
            case []: self = .device(parts[1])
            case ["thermostat"]: self = .thermostat(parts[1])
            case ["thermostat", "changeablevalues"]: self = .changeableValues(parts[1])
            case ["thermostat", "changeablevalues", "heatsetpoint"]: self = .heatSetpoint(parts[1])
            default: return nil
            }
        default: return nil
        }
    }

    /// The methods that it supports.
    var methods: [String] {
        switch self {
        case .session: ["POST", "PUT", "DELETE"]
        case .account, .locations, .gateways, .devices, .device, .thermostat, .communicationTask: ["GET"]
        case .changeableValues, .heatSetpoint: ["GET", "PUT"]
        }
    }
}
