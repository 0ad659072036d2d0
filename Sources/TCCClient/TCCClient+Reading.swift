import Basics
import HTTPTypes
public import HeatingModel

extension TCCClient {
    /// Who the account belongs to.
    private func accountID() async throws(CloudFailure) -> String {
        try await call(.get, "/userAccount", as: WireUserAccount.self).userId.text
    }

    /// Everything that the account can see.
    ///
    /// - Parameter accountID: From an earlier installation, which saves a call; it never changes.
    public func installation(of known: String?) async throws(CloudFailure) -> Installation {
        let accountID: String
        if let known { accountID = known } else { accountID = try await self.accountID() }
        let locations = try await call(
            .get,
            "/location/installationInfo?userId=\(FormEncoding.escape(accountID))"
                + "&includeTemperatureControlSystems=True",
            limit: 16 << 20,
            as: WireList<WireLocation>.self
        )
        return Installation(accountID: accountID, locations: locations.elements.map(Location.init))
    }

    /// How everything in a location is. This is the call that polling makes.
    public func status(of location: Location) async throws(CloudFailure) -> LocationStatus {
        let status = try await call(
            .get,
            "/location/\(location.id.escaped)/status?includeTemperatureControlSystems=True",
            as: WireLocationStatus.self
        )
        return LocationStatus(status, in: location.timeZone)
    }

    /// The week of a zone.
    ///
    /// - Returns: `nil` when the zone has none: a wireless thermostat may be programmed at its wall only.
    public func schedule(of zone: ZoneID) async throws(CloudFailure) -> Schedule<Temperature>? {
        try await week("/temperatureZone/\(zone.escaped)/schedule", of: WireZoneSwitchpoint.self)
    }

    /// The week of hot water.
    ///
    /// - Returns: `nil` when it has none.
    public func schedule(of hotWater: HotWaterID) async throws(CloudFailure) -> Schedule<HotWaterState>? {
        try await week("/domesticHotWater/\(hotWater.escaped)/schedule", of: WireHotWaterSwitchpoint.self)
    }

    private func week<Switchpoint: WireSwitchpoint>(
        _ path: String,
        of type: Switchpoint.Type
    ) async throws(CloudFailure) -> Schedule<Switchpoint.Value>? {
        do {
            return try await call(.get, path, as: WireSchedule<Switchpoint>.self).week
        } catch {
            guard error.code == "ScheduleNotFound" else { throw error }
            return nil
        }
    }
}
