import Basics
import BridgeCore
import HeatingModel

/// Answers the GETs of API v1 from the last high-precision readings.
struct APIv1Reader {
    let answers: VendorAnswers
    let bridge: any SharedBridge
    let clock: any WallClock

    func answer(_ path: VendorPathV1, to request: VendorRequest) throws(VendorRefusal) -> VendorReply {
        switch path {
        case .account: return VendorReply(try account())
        case .locations: return try locations(for: request)
        case .devices:
            guard let devices = try location(for: request)["devices"] else { throw Self.unavailable }
            return VendorReply(Array(devices.bytes))
        case .device(let id, let part): return VendorReply(Array(try self.part(part, ofDevice: id).bytes))
        case .task:
            let (id, state) = try APIv2Reader(answers: answers, bridge: bridge, clock: clock).taskState(request)
            return .json(["state": .string(state.vendorText), "activityId": .integer(Int(id) ?? 0)])
        case .session, .systems: throw .wrongMethod(request.method)
        }
    }

    /// `accountInfo`, which is `userInfo` of a session as well.
    func account() throws(VendorRefusal) -> [UInt8] {
        if let answer = answers.accountV1 { return answer.bytes }
        // A session of an earlier run is still open, so the cloud has not sent it in this one.
        guard answers.locationsV1 != nil, let account = answers.account.flatMap({ JSONSlice($0.bytes) }) else {
            throw Self.unavailable
        }
        let names = [
            ("username", "username"), ("firstname", "firstname"), ("lastname", "lastname"),
            ("streetAddress", "streetAddress"), ("city", "city"), ("zipcode", "postcode"), ("country", "country"),
            ("userLanguage", "language"),
        ]
        var members = [JSONValue.Member("userID", .integer(account["userId"].flatMap { Int($0.plainText) } ?? 0))]
        for (name, source) in names { members.append(.init(name, account[source]?.value ?? "")) }
        return Array(JSONValue.object(members).text.utf8)
    }

    private static let unavailable = VendorRefusal.unavailable(retryAfter: 30)

    // MARK: - Locations and devices

    /// The locations that are served, with what was written laid over them.
    private func served() throws(VendorRefusal) -> JSONSlice {
        guard let installation = bridge.installation, let answer = answers.locationsV1,
            let all = JSONSlice(answer.bytes)
        else { throw Self.unavailable }
        let overlay = Overlay(bridge: bridge, now: clock.now)
        let homes = Dictionary(installation.locations.map { ($0.id.text, $0) }) { first, _ in first }
        var shown: [[UInt8]] = []
        var isWhole = true
        for location in all.elements {
            guard let id = location["locationID"]?.plainText, let home = homes[id] else {
                isWhole = false
                continue
            }
            guard let devices = location["devices"] else {
                shown.append(Array(location.bytes))
                continue
            }
            let isOlder = answers.status(of: id).map { answer.read < $0.read } ?? false
            let edits = overlay.edits(ofDevices: devices, in: home, isOlder: isOlder)
            if !edits.isEmpty { isWhole = false }
            shown.append(edits.applied(to: location))
        }
        if isWhole { return all }
        let text = Array("[".utf8) + shown.joined(separator: [UInt8(ascii: ",")]) + Array("]".utf8)
        guard let list = JSONSlice(text) else { throw Self.unavailable }
        return list
    }

    private func locations(for request: VendorRequest) throws(VendorRefusal) -> VendorReply {
        if request.parameter("locationId") != nil { return VendorReply(Array(try location(for: request).bytes)) }
        guard let user = request.parameter("userId") else { throw .unknownQuery(request.path) }
        guard user.isNumeric else { throw .invalidInput }
        guard JSONSlice(try account())?["userID"]?.plainText == user else { throw .notYours }
        let locations = try served()
        var edits = JSONEdits()
        if !request.flag("allData") {
            for location in locations.elements { edits.set("devices", of: location, to: nil) }
        }
        return VendorReply(edits.applied(to: locations))
    }

    private func location(for request: VendorRequest) throws(VendorRefusal) -> JSONSlice {
        guard let id = request.parameter("locationId") else { throw .unknownQuery(request.path) }
        guard id.isNumeric else { throw .invalidInput }
        guard let location = try served().elements.first(where: { $0["locationID"]?.plainText == id }) else {
            throw .notYours
        }
        return location
    }

    private func part(_ part: VendorPathV1.Part, ofDevice id: String) throws(VendorRefusal) -> JSONSlice {
        guard id.isNumeric else { throw .invalidInput }
        let devices = try served().elements.lazy.flatMap { $0["devices"]?.elements ?? [] }
        guard let device = devices.first(where: { $0["deviceID"]?.plainText == id }) else { throw .notYours }
        let found: JSONSlice? =
            switch part {
            case .whole: device
            case .thermostat: device["thermostat"]
            case .values: device["thermostat"]?["changeableValues"]
            case .setpoint: device["thermostat"]?["changeableValues"]?["heatSetpoint"]
            }
        guard let found else { throw .unknownPath }
        return found
    }
}
