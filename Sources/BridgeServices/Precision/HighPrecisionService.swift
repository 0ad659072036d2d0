import BridgeCore
import Basics
import HeatingModel
public import Logging
public import ServiceLifecycle
import Synchronization

/// Reads temperatures to a hundredth of a degree, once a round of statuses: one call tells those of all locations.
///
/// It runs beside polling and never holds it up, and what fails here is no failure of the cloud's: the temperatures of the
/// statuses do. The first round after a start is left out, so that a restart makes no call for it, and a program that is
/// started again and again never logs in for it.
public final class HighPrecisionService: Service {
    private let readings: any HighPrecisionSource
    private let store: SnapshotStore
    private let memory: any Memory
    private let logger: Logger
    /// The locations whose status this round has had.
    private let readInRound = Mutex<Set<LocationID>>([])
    private let rounds: AsyncStream<Void>
    private let round: AsyncStream<Void>.Continuation

    public init(readings: any HighPrecisionSource, store: SnapshotStore, memory: any Memory, logger: Logger) {
        self.readings = readings
        self.store = store
        self.memory = memory
        self.logger = logger
        (rounds, round) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Lets temperatures go on where the last run left them; to be called before the first status is there.
    func recall() {
        let temperatures = memory.temperatures()
        store.update { snapshot, _ in snapshot.restore(temperatures) }
    }

    /// A status is there. A round is over when one comes for the second time.
    func statusWasRead(of location: LocationID) {
        let isRepeated = readInRound.withLock { read in
            guard !read.insert(location).inserted else { return false }
            read = [location]
            return true
        }
        if isRepeated { round.yield() }
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await self.read()
        }
    }

    private func read() async {
        await readEachRound()
        // Cancelled by now, it waits for nobody who has the state file.
        await memory.remember(store.take { $0.highPrecisionTemperatures })
    }

    private func readEachRound() async {
        var isFailing = false
        for await _ in rounds {
            do throws(CloudFailure) {
                let temperatures = try await readings.temperatures()
                store.update { snapshot, _ in snapshot.apply(temperatures) }
                if isFailing { logger.notice("Temperatures are read to a hundredth of a degree again") }
                isFailing = false
            } catch {
                guard error.kind != .cancelled else { break }
                store.update { snapshot, _ in snapshot.apply([:]) }
                logger.log(
                    level: isFailing ? .debug : .notice,
                    "Temperatures are read to half a degree only",
                    metadata: ["reason": "\(error.sentence)", "retry_at": "\(error.retryAt?.description ?? "unknown")"]
                )
                isFailing = true
            }
        }
    }
}
