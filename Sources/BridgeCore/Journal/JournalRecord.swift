public import Basics
public import Foundation
public import HeatingModel

/// A line of the journal: what has happened to a message.
public struct JournalRecord: Codable, Equatable, Sendable {
    public enum Event: Codable, Equatable, Sendable {
        case accepted(JournaledMessage)
        /// A call is about to be made.
        case called(JournaledCall)
        /// The cloud has taken the call for this target.
        case taken(Target, task: CommunicationTaskID?)
        /// The call for this target failed, and will be made again.
        case failed(Target)
        /// A zone of a message for several has its outcome.
        case settled(JournaledEnd)
        /// It has an outcome, which is published from now on until the broker has it.
        case ended([Publication])
        /// The broker has the outcome.
        case delivered
    }

    /// The ``Journal/Entry`` that it is about.
    public var entry: Int
    public var event: Event

    public init(_ entry: Int, _ event: Event) {
        self.entry = entry
        self.event = event
    }
}

/// A message on a command topic, as it is kept over a restart.
public struct JournaledMessage: Codable, Equatable, Sendable {
    public var topic: String
    public var payload: Data
    public var responseTopic: String?
    public var correlationData: Data?
    /// In seconds, as it was left on arrival.
    public var expiry: Double?
    public var accepted: Instant
    /// The number of the packet that carried it, by which the broker would deliver it again; `nil` at QoS 0.
    public var packet: Int?

    public init(
        topic: String,
        payload: [UInt8],
        responseTopic: String? = nil,
        correlationData: [UInt8]? = nil,
        expiry: Duration? = nil,
        accepted: Instant,
        packet: Int? = nil
    ) {
        self.topic = topic
        self.payload = Data(payload)
        self.responseTopic = responseTopic
        self.correlationData = correlationData.map { Data($0) }
        self.expiry = expiry.map { $0 / .seconds(1) }
        self.accepted = accepted
        self.packet = packet
    }

    /// A message that no packet carried.
    public init(_ message: IncomingMessage, accepted: Instant) {
        self.init(
            topic: message.topic,
            payload: message.payload,
            responseTopic: message.responseTopic,
            correlationData: message.correlationData,
            expiry: message.expiry,
            accepted: accepted
        )
    }

    var size: Int {
        topic.utf8.count + payload.count + (responseTopic?.utf8.count ?? 0) + (correlationData?.count ?? 0)
    }

    func hasSameContent(as other: JournaledMessage) -> Bool {
        topic == other.topic && payload == other.payload && responseTopic == other.responseTopic
            && correlationData == other.correlationData
    }
}

extension IncomingMessage {
    /// A message of an earlier run.
    ///
    /// - Parameter entry: The journal's.
    public init(_ message: JournaledMessage, entry: Int) {
        self.init(
            topic: message.topic,
            payload: Array(message.payload),
            responseTopic: message.responseTopic,
            correlationData: message.correlationData.map { Array($0) },
            expiry: message.expiry.map { .seconds($0) },
            journalEntry: entry
        )
    }
}

/// A call that was sent for a message, and the outcome that it has if the cloud shows its effect.
public struct JournaledCall: Codable, Equatable, Sendable {
    public var target: Target
    public var call: CloudCall
    /// `nil` until the cloud has named it.
    public var task: CommunicationTaskID?
    public var isProvedByStatus: Bool
    /// The system's mode that overrides it for now.
    public var maskedBy: SystemMode?
    /// What its outcome says if it succeeds.
    public var code: String?
    public var message: String?

    public init(_ planned: PlannedCall, for target: Target, isProvedByStatus: Bool) {
        let success = Outcome.succeeded(planned)
        self.target = target
        self.isProvedByStatus = isProvedByStatus
        call = planned.call
        maskedBy = planned.maskedBy
        code = success.code
        message = success.message
    }

    /// The call as the follower of commands takes it.
    public var planned: PlannedCall { PlannedCall(call, notes: maskedBy.map { [.masked(by: $0)] } ?? []) }

    /// The outcome of a command whose bridge was interrupted.
    ///
    /// - Parameters:
    ///   - outcome: What following it has come to.
    ///   - shown: What the cloud shows, in words.
    public func interrupted(_ outcome: Outcome, shown: String?) -> Outcome {
        if outcome.kind == .succeeded {
            return Outcome(.succeeded, code: code, message: message, applied: call, isMasked: maskedBy != nil)
        }
        let shown =
            shown.map { "The cloud shows \($0)." } ?? outcome.message ?? "The cloud has not shown its state since."
        return Outcome(
            .failed,
            code: "interrupted",
            message: "The bridge was stopped while this was on its way, and the change is not confirmed. \(shown)"
        )
    }
}

/// The outcome of one zone of a message for several, while others have none yet. A later command may have changed the zone
/// since, so it must not be set again after a restart.
public struct JournaledEnd: Codable, Equatable, Sendable {
    public var target: Target
    public var kind: Outcome.Kind
    public var code: String?
    public var message: String?

    public init(_ outcome: Outcome, of target: Target) {
        self.target = target
        kind = outcome.kind
        code = outcome.code
        message = outcome.message
    }

    public var outcome: Outcome { Outcome(kind, code: code, message: message) }
}

extension PlannedCall {
    fileprivate var maskedBy: SystemMode? {
        notes.lazy.compactMap { if case .masked(let mode) = $0 { mode } else { nil } }.first
    }
}

extension ControlSystemStatus {
    /// What it shows of a target, in words; `nil` if it shows nothing.
    public func words(for target: Target) -> String? {
        let parts: [String?]
        switch target {
        case .zone(let id, in: _):
            guard let zone = zones.first(where: { $0.id == id }) else { return nil }
            parts = [zone.setpoint.map { "\($0) °C" }, zone.mode?.rawValue, zone.until.map { "until \($0)" }]
        case .hotWater:
            guard let hotWater else { return nil }
            parts = [hotWater.state?.rawValue, hotWater.mode?.rawValue, hotWater.until.map { "until \($0)" }]
        case .system:
            parts = [mode?.rawValue, until.map { "until \($0)" }]
        }
        let words = parts.compactMap(\.self)
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }
}
