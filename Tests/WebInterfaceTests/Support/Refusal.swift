import HTTPTypes

@testable import WebInterface

/// The status with which something is refused; `nil` if it is not.
func refusal(_ work: () throws(HTTPFailure) -> Void) -> HTTPResponse.Status? {
    do throws(HTTPFailure) {
        try work()
        return nil
    } catch {
        return error.status
    }
}
