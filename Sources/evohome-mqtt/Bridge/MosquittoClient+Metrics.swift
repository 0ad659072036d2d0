public import MosquittoClient
public import Observability

/// The client's figures under this program's names; the client itself knows of neither.
extension MosquittoClient: MetricSource {
    public var metrics: [MetricFamily] {
        let counters = counters
        return [
            .gauge(
                "evohome_mqtt_connected",
                "1 while there is a connection to the broker, else 0.",
                isConnected ? 1 : 0
            ),
            .counter(
                "evohome_mqtt_connections_total",
                "Connections that the broker has accepted; all but the first are reconnections.",
                counters.connections
            ),
            .counter(
                "evohome_mqtt_publishes_total",
                "Messages that the broker has acknowledged.",
                counters.publishes
            ),
            .counter(
                "evohome_mqtt_refused_publishes_total",
                "Messages that the broker has refused.",
                counters.refusedPublishes
            ),
            .counter(
                "evohome_mqtt_dropped_messages_total",
                "Messages from the broker that were dropped: too many at once, or with an unreadable topic.",
                counters.droppedMessages + counters.unreadableTopics
            ),
            .gauge(
                "evohome_mqtt_waiting_publishes",
                "Messages that the broker has not answered yet.",
                Double(waitingPublishes)
            ),
        ]
    }
}
