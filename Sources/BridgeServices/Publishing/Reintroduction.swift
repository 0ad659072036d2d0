public import Basics
import HeatingModel
public import ServiceLifecycle

/// Publishes everything again when Home Assistant has started: it keeps no session, and a broker may have lost what it was
/// to retain.
///
/// It waits for a few seconds, since everybody else who is on the broker hears of the start in the same moment.
public final class Reannouncement: Service {
    private let publisher: PublishService
    private let clock: any WallClock
    private let starts: AsyncStream<Void>
    private let start: AsyncStream<Void>.Continuation

    public init(publisher: PublishService, clock: any WallClock) {
        self.publisher = publisher
        self.clock = clock
        (starts, start) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    public func homeAssistantStarted() {
        start.yield()
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in self.starts {
                guard (try? await self.clock.sleep(for: .seconds(Double.random(in: 1...6)))) != nil else { return }
                self.publisher.publishAgain()
            }
        }
    }
}
