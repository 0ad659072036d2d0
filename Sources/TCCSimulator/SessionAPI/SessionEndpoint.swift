/// What a path of the older API names.
enum SessionEndpoint: Hashable {
    case session
    case account
    case locations
    case gateways
    case devices
    case device(String)
    case thermostat(String)
    case values(String)
    case heatSetpoint(String)
    case communicationTask

    static let base = "/webapi/api/"

    /// - Parameter path: what follows ``base``. System modes (`evoTouchSystems`) were removed by the vendor.
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
            case ["thermostat", "changeablevalues"]: self = .values(parts[1])
            case ["thermostat", "changeablevalues", "heatsetpoint"]: self = .heatSetpoint(parts[1])
            default: return nil
            }
        default: return nil
        }
    }

    /// The methods that it takes.
    var methods: [String] {
        switch self {
        case .session: ["POST", "PUT", "DELETE"]
        case .account, .locations, .gateways, .devices, .device, .thermostat, .communicationTask: ["GET"]
        case .values, .heatSetpoint: ["GET", "PUT"]
        }
    }
}
