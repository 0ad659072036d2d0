import Basics
import HeatingModel
import Observability
import ServiceLifecycle

/// Tells the service manager that the bridge has started, how it does, and that it stops.
///
/// Signs of life stop when a loop hangs, which a restart cures; not while the broker is away, which it does not cure.
struct SupervisionService: Service {
    /// How often the state is told where there is no watchdog.
    private static let pause = Duration.seconds(10)

    let manager: ServiceManager
    let monitor: HealthMonitor
    let clock: any WallClock

    func run() async throws {
        manager.tell("READY=1", status(of: monitor.health))
        await cancelWhenGracefulShutdown {
            // Twice within the watchdog's time, as sd_watchdog_enabled(3) advises.
            let pause = manager.watchdog.map { min($0 / 2, Self.pause) } ?? Self.pause
            while (try? await clock.sleep(for: pause)) != nil {
                let health = monitor.health
                if health.isAlive {
                    manager.tell("WATCHDOG=1", status(of: health))
                } else {
                    manager.tell(status(of: health))
                }
            }
        }
        manager.tell("STOPPING=1", "STATUS=Stopping.")
    }

    private func status(of health: Health) -> String {
        "STATUS=" + (health.isHealthy ? "Healthy." : health.problems.joined(separator: " "))
    }
}
