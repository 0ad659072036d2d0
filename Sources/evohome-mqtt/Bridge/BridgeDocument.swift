import BridgeCore
import BridgeServices
import CloudSharing
import HeatingModel
import StateFile
import TCCClient

/// What stands in the state file.
struct BridgeDocument: StateDocument {
    static let currentVersion = 1

    var version = currentVersion
    /// By user name, so that a mistyped one loses nobody's tokens.
    var accounts: [String: AccountMemory] = [:]
    /// By base topic: what belongs to one bridge alone.
    var bridges: [String: BridgeMemory] = [:]

    /// What is remembered of an account.
    struct AccountMemory: Codable, Equatable, Sendable {
        var tokens: TokenMemory?
        var installation: RememberedInstallation?
        var schedules: KnownSchedules?
        /// To a hundredth of a degree, as they were shown last.
        var temperatures: [SensorID: HighPrecisionTemperature]?
        /// Account and installation as the cloud sent them, if they are shared.
        var documents: VendorAnswers.Documents?

        /// Whether somebody was ever let in.
        var isInUse: Bool { tokens?.refresh != nil || tokens?.access != nil || installation != nil }
    }

    /// What is remembered of a bridge.
    struct BridgeMemory: Codable, Equatable, Sendable {
        /// Made up once: the broker keeps a session by it.
        var clientID: String
        /// Where it was published, as host and port.
        var broker: String?
        /// What it has left there.
        var published: TopicInventory?
        /// Who changed what.
        var changes: KnownChanges?
        /// What other programs may use it with.
        var grants: Grants?
    }
}

extension BridgeDocument.AccountMemory {
    /// Cloud data that another version stored in another form is dropped, and read from the cloud again. It must not make
    /// the tokens unreadable, too.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        tokens = try container.decodeIfPresent(TokenMemory.self, forKey: .tokens)
        installation = try? container.decodeIfPresent(RememberedInstallation.self, forKey: .installation)
        schedules = try? container.decodeIfPresent(KnownSchedules.self, forKey: .schedules)
        temperatures = try? container.decodeIfPresent([SensorID: HighPrecisionTemperature].self, forKey: .temperatures)
        documents = try? container.decodeIfPresent(VendorAnswers.Documents.self, forKey: .documents)
    }
}

extension BridgeDocument.BridgeMemory {
    /// If another version stored the list of published topics in another form, nobody clears those topics; that is the
    /// lesser harm.
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        clientID = try container.decode(String.self, forKey: .clientID)
        broker = try? container.decodeIfPresent(String.self, forKey: .broker)
        published = try? container.decodeIfPresent(TopicInventory.self, forKey: .published)
        changes = try? container.decodeIfPresent(KnownChanges.self, forKey: .changes)
        grants = try? container.decodeIfPresent(Grants.self, forKey: .grants)
    }
}
