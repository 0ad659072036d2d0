public import HeatingModel

/// What comes of a call that another program makes through the bridge.
public enum CallAnswer: Equatable, Sendable {
    /// The cloud has accepted it.
    ///
    /// - Parameter task: `nil` if the cloud named none.
    case accepted(CommunicationTaskID?)
    /// The cloud has refused it, or limits requests.
    case failed(CloudFailure)
    /// It ended before the cloud answered: another one has overtaken it, or it waited too long.
    case ended(Outcome)
}
