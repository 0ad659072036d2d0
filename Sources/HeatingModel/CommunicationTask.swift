/// The cloud's errand to a gateway, which carries a change there.
public enum CommunicationTask {}

public typealias CommunicationTaskID = Identifier<CommunicationTask>

/// How far an errand is. An errand to a gateway that is away never ends.
public struct CommunicationTaskState: OpenWord {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let succeeded = CommunicationTaskState(rawValue: "succeeded")
    public static let failed = CommunicationTaskState(rawValue: "failed")
}
