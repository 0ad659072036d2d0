import Foundation
import Subprocess
import SystemPackage
import TCCSimulator
import TestSupport
import Testing

@Suite(
    "A wall clock that is set",
    .enabled(if: MovableClock.compiler != nil, "Left out: no C compiler (clang or cc) is on PATH."),
    .timeLimit(.minutes(2))
)
struct ClockStepTests {
    @Test(
        "It loses no poll",
        arguments: [[-40, 40], [-3600, 3600], [-3 * 86400, 3 * 86400], [-1_700_000_000, 0]]
    )
    func polls(steps: [Int]) async throws {
        try await World.exists { world in
            let clock = try await MovableClock(in: world.directory)
            try await world.bridge(environment: clock.environment) { _ in
                try await eventually { world.readings() > 1 }
                for step in steps {
                    try clock.move(by: step)
                    let before = world.readings()
                    try await eventually(timeout: .seconds(8)) { world.readings() >= before + 3 }
                }
            }
        }
    }

    @Test("It ends no command early", arguments: [-3600, 3600])
    func commands(step: Int) async throws {
        try await World.exists({ $0.taskDuration = .seconds(6)...(.seconds(6)) }) { world in
            let clock = try await MovableClock(in: world.directory)
            try await world.bridge(environment: clock.environment) { _ in
                try await eventually { world.watcher.last(on: "evohome/bridge/state") == "online" }
                let kitchen = "evohome/home/zone/kitchen"
                try await world.watcher.say(#"{"setpoint":22,"until":"forever"}"#, on: "\(kitchen)/set")
                try await eventually { !world.setpointCalls().isEmpty }
                try clock.move(by: step)
                try await eventually(timeout: .seconds(20)) { world.watcher.last(on: "\(kitchen)/result") != nil }
                #expect(world.watcher.json(on: "\(kitchen)/result")?["outcome"] as? String == "succeeded")
            }
        }
    }
}

/// A wall clock that a test moves for one process, by a library that is loaded before all others.
private struct MovableClock {
    static let compiler: String? = {
        let folders = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return folders.flatMap { folder in ["cc", "clang"].map { "\(folder)/\($0)" } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    private let library: URL
    private let offset: URL

    /// Compiles the library.
    init(in directory: URL) async throws {
        library = directory.appending(path: "movable-clock.so")
        offset = directory.appending(path: "offset")
        let source = directory.appending(path: "movable-clock.c")
        try Self.source.write(to: source, atomically: true, encoding: .utf8)
        try move(by: 0)
        let result = try await Subprocess.run(
            .path(.init(try #require(Self.compiler))),
            arguments: ["-shared", "-fPIC", "-O1", "-o", library.path(), source.path()],
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
    }

    var environment: [String: String] { ["LD_PRELOAD": library.path(), "CLOCK_OFFSET_FILE": offset.path()] }

    /// - Parameter seconds: How much the clock differs from the machine's from now on.
    func move(by seconds: Int) throws {
        try "\(seconds)\n".write(to: offset, atomically: true, encoding: .utf8)
    }

    /// Time that elapses is left alone.
    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static long offset(void) {
            char text[32] = {0};
            const char *path = getenv("CLOCK_OFFSET_FILE");
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            if (file < 0) return 0;
            long length = read(file, text, sizeof text - 1);
            close(file);
            return length > 0 ? atol(text) : 0;
        }

        int clock_gettime(clockid_t clock, struct timespec *now) {
            long result = syscall(SYS_clock_gettime, clock, now);
            if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += offset();
            return (int)result;
        }

        int gettimeofday(struct timeval *now, void *zone) {
            struct timespec exact;
            (void)zone;
            int result = clock_gettime(CLOCK_REALTIME, &exact);
            now->tv_sec = exact.tv_sec;
            now->tv_usec = exact.tv_nsec / 1000;
            return result;
        }

        time_t time(time_t *now) {
            struct timespec exact;
            clock_gettime(CLOCK_REALTIME, &exact);
            if (now) *now = exact.tv_sec;
            return exact.tv_sec;
        }
        """
}
