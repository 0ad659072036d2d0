extension MQTTMessage {
    /// The largest packet that MQTT can describe, in bytes (MQTT 5, 1.5.5).
    static let maximumSize = 268_435_455

    /// Checks what the library would refuse, close the connection for, or cut off.
    ///
    /// - Throws: ``MQTTError/invalidMessage(_:)`` that names what is wrong.
    func validate() throws(MQTTError) {
        try TopicName.validate(topic)
        guard payload.count <= Self.maximumSize else {
            throw .invalidMessage("the payload of \(payload.count) bytes is larger than MQTT allows")
        }
        try properties.validate()
    }
}

extension MQTTProperties {
    func validate() throws(MQTTError) {
        if let responseTopic { try TopicName.validate(responseTopic) }
        if let correlationData, correlationData.count > MQTTString.maximumLength {
            throw .invalidMessage("correlation data of \(correlationData.count) bytes is longer than 65535")
        }
        if let contentType, let problem = MQTTString.problem(in: contentType) {
            throw .invalidMessage("the content type \(problem)")
        }
        if let messageExpiry, messageExpiry.wholeSeconds == nil {
            throw .invalidMessage("the message expiry \(messageExpiry) is not between 0 s and 4294967295 s")
        }
    }
}

extension Duration {
    /// Seconds, rounded up, where MQTT can say so many in its four bytes; else nil.
    var wholeSeconds: UInt32? {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return nil }
        return UInt32(exactly: seconds + (attoseconds > 0 ? 1 : 0))
    }
}
