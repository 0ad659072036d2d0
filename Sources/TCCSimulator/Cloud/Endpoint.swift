/// What a path of the newer API names. Paths are read in any case, as the vendor's servers do.
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

    /// - Parameter path: what follows ``base``.
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

    /// The methods that it takes.
    var methods: [String] {
        switch self {
        case .userAccount, .locations, .gateways, .communicationTask: ["GET"]
        case .entity(_, _, .installationInfo), .entity(_, _, .status): ["GET"]
        case .entity(_, _, .mode), .entity(_, _, .heatSetpoint), .entity(_, _, .state): ["PUT"]
        case .entity(_, _, .schedule): ["GET", "PUT"]
        }
    }
}
