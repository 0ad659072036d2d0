import Observability

extension Settings {
    /// Builds the settings from what was read.
    ///
    /// - Throws: A problem where a key is not of the type that is asked for here: a mistake of the table, not the user's.
    init(_ reader: SettingsReader) throws(SettingsError) {
        account = Account(username: reader.value(.accountUsername), password: reader.value(.accountPassword))
        let schedulesInterval: Duration = try reader.required(.cloudSchedulesInterval)
        cloud = Cloud(
            url: try reader.required(.cloudURL),
            pollInterval: try reader.required(.cloudPollInterval),
            requestTimeout: try reader.required(.cloudRequestTimeout),
            caFile: reader.value(.cloudCAFile),
            locations: reader.value(.cloudLocations) ?? [],
            unavailableAfter: try reader.required(.cloudUnavailableAfter),
            highPrecision: try reader.required(.cloudHighPrecision),
            schedulesInterval: schedulesInterval == .zero ? nil : schedulesInterval,
            installationInterval: try reader.required(.cloudInstallationInterval)
        )
        let broker: BrokerURL = try reader.required(.mqttURL)
        mqtt = MQTT(
            isTLS: broker.scheme == .mqtts,
            broker: broker.endpoint,
            username: reader.value(.mqttUsername) ?? broker.username,
            password: reader.value(.mqttPassword) ?? broker.password,
            clientID: reader.value(.mqttClientID),
            caFile: reader.value(.mqttCAFile),
            certificateFile: reader.value(.mqttCertificateFile),
            keyFile: reader.value(.mqttKeyFile),
            tlsInsecure: try reader.required(.mqttTLSInsecure),
            protocolVersion: try reader.required(.mqttProtocol),
            baseTopic: try reader.required(.mqttBaseTopic),
            topicIDs: try reader.required(.mqttTopicIDs),
            output: try reader.required(.mqttOutput),
            qos: try reader.required(.mqttQoS),
            sessionExpiry: try reader.required(.mqttSessionExpiry)
        )
        state = State(file: try reader.required(.stateFile))
        homeAssistant = HomeAssistant(
            discovery: try reader.required(.homeAssistantDiscovery),
            discoveryPrefix: try reader.required(.homeAssistantDiscoveryPrefix)
        )
        commands = Commands(
            expiry: try reader.required(.commandsExpiry),
            perMinute: try reader.required(.commandsPerMinute)
        )
        http = HTTP(listen: reader.value(.httpListen))
        log = Log(level: try reader.required(.logLevel), format: try reader.required(.logFormat))
    }
}

extension SettingsReader {
    fileprivate func required<Value>(_ key: SettingKey) throws(SettingsError) -> Value {
        if let value: Value = value(key) { return value }
        throw SettingsError(problems: [SettingsProblem(sentence: "\(key.name) has no value that the program can use.")])
    }
}
