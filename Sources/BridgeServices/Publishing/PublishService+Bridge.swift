import BridgeCore
import HeatingModel

extension PublishService {
    /// Says what has happened; who is not listening has missed it.
    func tell(_ events: [BridgeEvent]) async {
        let messages = events.compactMap { $0.json(in: homes.layout) }.map { event in
            Publication(topic: settings.bridge.event, payload: event.text, isRetained: false)
        }
        if !messages.isEmpty { _ = await broker.publish(messages) }
    }

    func publishHealth(_ progress: inout Progress) async {
        let json = homes.health.json(storeProblem: cloud.storeProblem)
        let message = Publication(topic: settings.bridge.cloud, payload: json.text)
        _ = await send([message], as: .health, &progress)
    }

    func publishStatistics(_ progress: inout Progress) async {
        let message = Publication(topic: settings.bridge.stats, payload: statistics.latest.json.text)
        _ = await send([message], as: .statistics, &progress)
    }

    func announce(_ connection: BrokerConnection, _ progress: inout Progress) async {
        let info = BridgeInformation(
            version: settings.version,
            started: progress.started,
            broker: connection.facts,
            installation: homes.installation,
            ghosts: homes.systems.sorted().compactMap { homes.site(of: $0) }.flatMap(\.ghosts),
            configuration: settings.configuration
        )
        let messages = [
            Publication(topic: settings.bridge.info, payload: info.json.text),
            Publication(topic: settings.bridge.state, payload: "online"),
        ]
        if await send(messages, as: .bridge, &progress) > 0 { counts.announced() }
        progress.isAnnounced = true
    }
}
