import Logging
import ServiceLifecycle
import UnixSignals

extension ServiceGroup {
    /// A group that starts together and stops in reverse order, each service in its turn.
    ///
    /// - Parameters:
    ///   - services: Those first that others depend on.
    ///   - signals: What stops it, beside a shutdown of the group that it is in.
    static func program(_ services: [any Service], stoppedBy signals: [UnixSignal]) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            // By name of their type: a service's own description could print what it holds.
            services: services.map { .init(service: $0, serviceName: "\(type(of: $0))") },
            gracefulShutdownSignals: signals,
            logger: Logger(label: "services", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        configuration.maximumGracefulShutdownDuration = .seconds(5)
        configuration.maximumCancellationDuration = .seconds(3)
        return ServiceGroup(configuration: configuration)
    }

    /// One service that takes the time that it needs to stop; see ``StopDeadline``.
    static func alone(_ service: any Service, stoppedBy signals: [UnixSignal]) -> ServiceGroup {
        ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(
                        service: service,
                        successTerminationBehavior: .gracefullyShutdownGroup,
                        serviceName: "\(type(of: service))"
                    )
                ],
                gracefulShutdownSignals: signals,
                logger: Logger(label: "services", factory: { _ in SwiftLogNoOpLogHandler() })
            )
        )
    }
}
