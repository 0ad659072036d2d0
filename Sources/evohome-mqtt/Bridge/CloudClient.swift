import BridgeServices
import HeatingModel
import TCCClient

/// The cloud's client as the loops see it.
struct CloudClient: Cloud {
    let client: TCCClient
    let tokens: TokenProvider

    func installation(of accountID: String?) async throws(CloudFailure) -> Installation {
        let account: String
        if let accountID {
            account = accountID
        } else {
            account = try await client.accountID()
        }
        return try await client.installation(of: account)
    }

    func status(of location: Location) async throws(CloudFailure) -> LocationStatus {
        try await client.status(of: location)
    }

    func schedule(of zone: ZoneID) async throws(CloudFailure) -> Schedule<Temperature>? {
        try await client.schedule(of: zone)
    }

    func schedule(of hotWater: HotWaterID) async throws(CloudFailure) -> Schedule<HotWaterState>? {
        try await client.schedule(of: hotWater)
    }

    func make(_ change: CloudCall) async throws(CloudFailure) -> CommunicationTaskID? {
        try await client.make(change)
    }

    func state(of task: CommunicationTaskID) async throws(CloudFailure) -> CommunicationTaskState? {
        try await client.state(of: task)
    }

    var storeProblem: String? { tokens.storeFailure?.sentence }
}

/// The older API's client as the loops see it.
struct OlderCloudClient: HighPrecisionSource {
    let sessions: SessionClient

    func temperatures() async throws(CloudFailure) -> [SensorID: Temperature] {
        try await sessions.temperatures()
    }
}
