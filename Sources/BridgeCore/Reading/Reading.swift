public import HeatingModel

/// Something that one call to the cloud reads.
public enum Reading: Hashable, Sendable {
    case installation
    case status(LocationID)
    /// The schedule of a zone or of hot water.
    case schedule(Target)
    case task(CommunicationTaskID)
    /// The high-precision temperatures of all locations, from API v1.
    case temperatures

    /// Why something is read.
    public enum Cause: String, Sendable, CaseIterable {
        case poll
        case switchpoint
        case command
        case request
        case schedules
        case precision
    }
}
