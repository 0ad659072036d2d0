public import BridgeServices
public import TCCClient

// The vendor's client has what the loops ask of a cloud; neither module knows the other.

extension TCCClient: Cloud {}
extension SessionClient: HighPrecisionSource {}
