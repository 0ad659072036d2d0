import BridgeCore
import HeatingModel

/// What a reading brought.
enum ReadingAnswer: Sendable {
    case installation(Installation)
    case status(LocationStatus)
    case schedule(AnySchedule?)
    case task(CommunicationTaskState?)
    case temperatures([SensorID: Temperature])
}

/// Where readings come from: the cloud, and API v1 if half degrees will not do.
struct ReadingSource: Sendable {
    private let cloud: any Cloud
    private let highPrecision: (any HighPrecisionSource)?
    private let store: SnapshotStore

    init(cloud: any Cloud, highPrecision: (any HighPrecisionSource)?, store: SnapshotStore) {
        self.cloud = cloud
        self.highPrecision = highPrecision
        self.store = store
    }

    var hasHighPrecision: Bool { highPrecision != nil }

    /// - Parameter accountID: The id from an earlier answer, which saves a call; `nil` if it is not known yet.
    func read(_ reading: Reading, accountID: String?) async throws(CloudFailure) -> ReadingAnswer {
        switch reading {
        case .installation: return .installation(try await cloud.installation(of: accountID))
        case .status(let id):
            guard let location = store.installation?.locations.first(where: { $0.id == id }) else {
                throw CloudFailure(.refused, "The location is not in the installation any more.")
            }
            return .status(try await cloud.status(of: location))
        case .schedule(.zone(let zone, in: _)):
            return .schedule(try await cloud.schedule(of: zone).map(AnySchedule.zone))
        case .schedule(.hotWater(let hotWater, in: _)):
            return .schedule(try await cloud.schedule(of: hotWater).map(AnySchedule.hotWater))
        case .schedule(.system): return .schedule(nil)
        case .task(let task): return .task(try await cloud.state(of: task))
        case .temperatures: return .temperatures(try await highPrecision?.temperatures() ?? [:])
        }
    }
}
