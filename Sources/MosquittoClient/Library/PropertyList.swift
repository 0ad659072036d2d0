import CMosquitto
import Glibc

/// A list of MQTT 5 properties in the library's memory; empty for 3.1.1, which has none.
struct PropertyList: ~Copyable {
    /// For the library to read while this value lives.
    private(set) var first: OpaquePointer?

    init() {}

    init(_ properties: MQTTProperties, for version: MQTTProtocolVersion) {
        guard version == .version5 else { return }
        if let responseTopic = properties.responseTopic {
            mosquitto_property_add_string(&first, Int32(MQTT_PROP_RESPONSE_TOPIC.rawValue), responseTopic)
        }
        if let data = properties.correlationData {
            let length = UInt16(clamping: data.count)
            mosquitto_property_add_binary(&first, Int32(MQTT_PROP_CORRELATION_DATA.rawValue), data, length)
        }
        if let expiry = properties.messageExpiry?.wholeSeconds {
            append(MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, expiry)
        }
    }

    deinit {
        var first = first
        mosquitto_property_free_all(&first)
    }

    mutating func append(_ identifier: mqtt5_property, _ value: UInt32) {
        mosquitto_property_add_int32(&first, Int32(identifier.rawValue), value)
    }

    /// Leaves the list to the library, which frees it.
    consuming func handOver() -> OpaquePointer? {
        let first = first
        discard self
        return first
    }
}

/// Properties that the library has received, valid while its callback runs.
struct ReceivedProperties {
    let first: OpaquePointer?

    func byte(_ identifier: mqtt5_property) -> UInt8? {
        var value: UInt8 = 0
        return mosquitto_property_read_byte(first, Int32(identifier.rawValue), &value, false).map { _ in value }
    }

    func int16(_ identifier: mqtt5_property) -> UInt16? {
        var value: UInt16 = 0
        return mosquitto_property_read_int16(first, Int32(identifier.rawValue), &value, false).map { _ in value }
    }

    func int32(_ identifier: mqtt5_property) -> UInt32? {
        var value: UInt32 = 0
        return mosquitto_property_read_int32(first, Int32(identifier.rawValue), &value, false).map { _ in value }
    }

    func string(_ identifier: mqtt5_property) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        mosquitto_property_read_string(first, Int32(identifier.rawValue), &value, false)
        defer { free(value) }
        return value.flatMap { String(validatingCString: $0) }
    }

    func bytes(_ identifier: mqtt5_property) -> [UInt8]? {
        var value: UnsafeMutableRawPointer?
        var length: UInt16 = 0
        guard mosquitto_property_read_binary(first, Int32(identifier.rawValue), &value, &length, false) != nil else {
            return nil
        }
        defer { free(value) }
        return [UInt8](UnsafeRawBufferPointer(start: value, count: Int(length)))
    }
}

extension MQTTProperties {
    init(_ received: ReceivedProperties) {
        self.init(
            responseTopic: received.string(MQTT_PROP_RESPONSE_TOPIC),
            correlationData: received.bytes(MQTT_PROP_CORRELATION_DATA),
            messageExpiry: received.int32(MQTT_PROP_MESSAGE_EXPIRY_INTERVAL).map { .seconds(Int64($0)) }
        )
        // Publishing to a wildcard would end the connection.
        if let responseTopic, (try? TopicName.validate(responseTopic)) == nil { self.responseTopic = nil }
    }
}
