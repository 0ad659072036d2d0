import Basics
import BridgeCore
import HeatingModel

/// Answers the GETs of API v2 from the cloud's last answers.
struct APIv2Reader {
    let answers: VendorAnswers
    let bridge: any SharedBridge
    let clock: any WallClock

    /// - Returns: The answer, and whether it saved a call of the cloud.
    func answer(
        _ path: VendorPath,
        to request: VendorRequest,
        in dialect: Dialect
    ) async throws(VendorRefusal) -> (reply: VendorReply, isSaved: Bool) {
        var isSaved = true
        var reply: VendorReply
        switch path {
        case .account: reply = VendorReply(try account().bytes)
        case .installation: reply = try installation(for: request)
        case .gateways: reply = try gateways(for: request)
        case .task: reply = try task(request)
        case .entity(let kind, let id, let aspect):
            guard id.isNumeric else { throw .invalidInput }
            switch aspect {
            case .installation: reply = try configuration(of: kind, id, for: request)
            case .status: reply = try status(of: kind, id, for: request)
            case .schedule: (reply, isSaved) = try await schedule(of: kind, id)
            case .mode, .setpoint, .state: throw .unknownPath
            }
        }
        if dialect == .older, let document = JSONSlice(reply.body) {
            var edits = JSONEdits()
            edits.spellInOlderDialect(document)
            reply.body = edits.applied(to: document)
        }
        return (reply, isSaved)
    }

    // MARK: - What is served

    private static let unavailable = VendorRefusal.unavailable(retryAfter: 5)

    private func account() throws(VendorRefusal) -> VendorAnswers.Answer {
        guard let answer = answers.account else { throw Self.unavailable }
        return answer
    }

    private func served() throws(VendorRefusal) -> Installation {
        guard let installation = bridge.installation else { throw Self.unavailable }
        return installation
    }

    /// The locations that are served, and all of them as one value.
    private func locations() throws(VendorRefusal) -> (all: JSONSlice, served: [JSONSlice], isWhole: Bool) {
        guard let answer = answers.installation, let all = JSONSlice(answer.bytes) else { throw Self.unavailable }
        let ids = Set(try served().locations.map(\.id.text))
        let elements = all.elements
        let shown = elements.filter { $0.locationID.map(ids.contains) ?? false }
        return (all, shown, shown.count == elements.count)
    }

    private func list(_ documents: [[UInt8]]) -> VendorReply {
        VendorReply(Array("[".utf8) + documents.joined(separator: [UInt8(ascii: ",")]) + Array("]".utf8))
    }

    // MARK: - The installation

    private func installation(for request: VendorRequest) throws(VendorRefusal) -> VendorReply {
        guard let user = request.parameter("userId") else { throw .unknownQuery(request.path) }
        guard user.isNumeric else { throw .invalidInput }
        guard JSONSlice(try account().bytes)?["userId"]?.plainText == user else { throw .notYours }
        let (all, served, isWhole) = try locations()
        let isFull = request.flag("includeTemperatureControlSystems")
        if isWhole {
            var edits = JSONEdits()
            if !isFull { for location in served { edits.removeSystems(from: location) } }
            return VendorReply(edits.applied(to: all))
        }
        return list(served.map { Self.document($0, isFull: isFull) })
    }

    private func gateways(for request: VendorRequest) throws(VendorRefusal) -> VendorReply {
        let isFull = request.flag("includeTemperatureControlSystems")
        return list(
            try locations().served.flatMap(\.gateways).map { gateway in
                var edits = JSONEdits()
                if !isFull { edits.set("temperatureControlSystems", of: gateway, to: nil) }
                return edits.applied(to: gateway)
            }
        )
    }

    private func configuration(
        of kind: VendorPath.Kind,
        _ id: String,
        for request: VendorRequest
    ) throws(VendorRefusal) -> VendorReply {
        let location = kind == .location ? id : try served().target(kind, id)?.location.id.text
        let isFull = request.flag("includeTemperatureControlSystems")
        for candidate in try locations().served where location == nil || candidate.locationID == location {
            guard let found = candidate.find(kind, id) else { continue }
            return VendorReply(Self.document(found, of: kind, isFull: isFull))
        }
        throw .notYours
    }

    private static func document(
        _ document: JSONSlice,
        of kind: VendorPath.Kind = .location,
        isFull: Bool
    ) -> [UInt8] {
        var edits = JSONEdits()
        if !isFull, kind == .location { edits.removeSystems(from: document) }
        if !isFull, kind == .gateway { edits.set("temperatureControlSystems", of: document, to: nil) }
        return edits.applied(to: document)
    }

    // MARK: - The state

    private func status(
        of kind: VendorPath.Kind,
        _ id: String,
        for request: VendorRequest
    ) throws(VendorRefusal) -> VendorReply {
        let isFull = request.flag("includeTemperatureControlSystems")
        let installation = try served()
        if kind == .location {
            guard let location = installation.locations.first(where: { $0.id.text == id }) else { throw .notYours }
            let (status, age) = try status(of: location)
            return reply(Self.document(status, isFull: isFull), age)
        }
        let home = installation.target(kind, id)?.location
        for location in installation.locations where home == nil || home?.id == location.id {
            // One that was not read yet may have it.
            let (status, age) = try status(of: location)
            guard let found = status.find(kind, id) else { continue }
            return reply(Self.document(found, of: kind, isFull: isFull), age)
        }
        throw .notYours
    }

    /// The status of a location with what was written laid over it, and its age.
    private func status(of location: Location) throws(VendorRefusal) -> (JSONSlice, Duration) {
        guard let answer = answers.status(of: location.id.text), let read = JSONSlice(answer.bytes) else {
            // Where nothing can be controlled, nothing is read.
            guard location.systems.isEmpty, let empty = try emptyStatus(of: location.id) else { throw Self.unavailable }
            return (empty, .zero)
        }
        let age = answer.read.duration(to: clock.uptime)
        let edits = Overlay(bridge: bridge, now: clock.now).edits(of: read, in: location)
        guard !edits.isEmpty, let laid = JSONSlice(edits.applied(to: read)) else { return (read, age) }
        return (laid, age)
    }

    /// The status of a location without control systems.
    private func emptyStatus(of location: LocationID) throws(VendorRefusal) -> JSONSlice? {
        guard let configuration = try locations().served.first(where: { $0.locationID == location.text }) else {
            return nil
        }
        let gateways = configuration.gateways.compactMap(\.gatewayID).map { id -> JSONValue in
            ["gatewayId": .string(id), "temperatureControlSystems": [], "activeFaults": []]
        }
        let status: JSONValue = ["locationId": .string(location.text), "gateways": .array(gateways)]
        return JSONSlice(Array(status.text.utf8))
    }

    private func reply(_ body: [UInt8], _ age: Duration) -> VendorReply {
        var reply = VendorReply(body)
        reply.headers["Age"] = "\(max(0, age.components.seconds))"
        return reply
    }

    // MARK: - Schedules

    private func schedule(of kind: VendorPath.Kind, _ id: String) async throws(VendorRefusal) -> (VendorReply, Bool) {
        var target = try served().target(kind, id)?.target
        if target == nil { target = try unlistedTarget(kind, id) }
        guard let target else { throw .notYours }
        let system = target.systemID
        let owner = VendorAnswers.Owner(kind: kind, id: id)
        if let known = try known(target, in: system, owner) { return (known, true) }
        do throws(CloudFailure) {
            try await bridge.readSchedule(of: target)
        } catch {
            throw VendorRefusal(error, at: clock.now)
        }
        guard let read = try known(target, in: system, owner) else { throw Self.unavailable }
        return (read, false)
    }

    /// A zone or hot water that the status names and the installation does not.
    private func unlistedTarget(_ kind: VendorPath.Kind, _ id: String) throws(VendorRefusal) -> Target? {
        for location in try served().locations {
            guard let answer = answers.status(of: location.id.text), let status = JSONSlice(answer.bytes) else {
                continue
            }
            for system in status.gateways.flatMap(\.systems) {
                guard let systemID = system["systemId"].map({ ControlSystemID($0.plainText) }) else { continue }
                if kind == .zone, system.zones.contains(where: { $0["zoneId"]?.plainText == id }) {
                    return .zone(ZoneID(id), in: systemID)
                }
                if kind == .hotWater, system["dhw"]?["dhwId"]?.plainText == id {
                    return .hotWater(HotWaterID(id), in: systemID)
                }
            }
        }
        return nil
    }

    /// - Returns: `nil` if it was never read.
    private func known(
        _ target: Target,
        in system: ControlSystemID,
        _ owner: VendorAnswers.Owner
    ) throws(VendorRefusal) -> VendorReply? {
        let site = bridge.site(of: system)
        switch site?.expectedSchedules[target] {
        case .zoneSchedule(_, let schedule)?: return .json(schedule.vendorJSON)
        case .hotWaterSchedule(_, let schedule)?: return .json(schedule.vendorJSON)
        default: break
        }
        if let answer = answers.schedule(of: owner) { return VendorReply(answer.bytes) }
        // Read by an earlier run, or one of very many.
        switch target {
        case .zone(let zone, in: _): return try reply(site?.schedules[zone])
        case .hotWater(let hotWater, in: _): return try reply(site?.schedules[hotWater])
        case .system: throw .notYours
        }
    }

    private func reply(_ known: KnownSchedule<some VendorSwitchpointValue>?) throws(VendorRefusal) -> VendorReply? {
        switch known {
        case .known(let schedule)?: return .json(schedule.vendorJSON)
        case .absent?: throw .scheduleNotFound
        case .unread?, nil: return nil
        }
    }

    // MARK: - Tasks

    private func task(_ request: VendorRequest) throws(VendorRefusal) -> VendorReply {
        let (id, state) = try taskState(request)
        return .json(["commtaskId": .string(id), "state": .string(state.vendorText)])
    }

    /// The task that a request of either API names.
    func taskState(_ request: VendorRequest) throws(VendorRefusal) -> (id: String, state: CommunicationTaskState) {
        guard let id = request.parameter("commTaskId") else { throw .unknownQuery(request.path) }
        guard id.isNumeric else { throw .invalidInput }
        guard let state = bridge.state(of: CommunicationTaskID(id)) else { throw .taskNotFound }
        return (id, state)
    }
}

extension VendorRefusal {
    /// What the cloud says to the bridge, said to its client.
    init(_ failure: CloudFailure, at now: Instant) {
        let seconds = failure.retryAt.map { Int(now.duration(to: $0).components.seconds) + 1 }
        switch failure.kind {
        case .rateLimited: self = .tooManyRequests(retryAfter: seconds)
        case .refused: self = .refused(failure.code ?? "InvalidInput", failure.sentence)
        case .unreachable, .unauthorised, .storage, .cancelled: self = .unavailable(retryAfter: seconds ?? 30)
        }
    }
}

/// What a switchpoint sets, in the vendor's spelling.
protocol VendorSwitchpointValue: Equatable, Sendable {
    var member: JSONValue.Member { get }
}

extension Temperature: VendorSwitchpointValue {
    var member: JSONValue.Member { .init("heatSetpoint", .number(celsius)) }
}

extension HotWaterState: VendorSwitchpointValue {
    var member: JSONValue.Member { .init("dhwState", .string(vendorText)) }
}

extension Schedule where Value: VendorSwitchpointValue {
    /// As the cloud sends it.
    var vendorJSON: JSONValue {
        let named = Weekday.allCases.compactMap { day -> JSONValue? in
            guard let switchpoints = days[day] else { return nil }
            let list = switchpoints.map { switchpoint -> JSONValue in
                .object([switchpoint.value.member, .init("timeOfDay", .string(switchpoint.time.withSeconds))])
            }
            return ["dayOfWeek": .string(day.capitalizedName), "switchpoints": .array(list)]
        }
        return ["dailySchedules": .array(named)]
    }
}
