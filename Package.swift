// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let inMemoryLogging = Target.Dependency.product(name: "InMemoryLogging", package: "swift-log")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let swiftASN1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "evohome-mqtt",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    ],
    targets: [
        // Time, durations, back-off, secrets, text from outside: nothing of heating.
        .target(name: "Basics", swiftSettings: settings),

        // What heating is.
        .target(name: "HeatingModel", dependencies: ["Basics"], swiftSettings: settings),
        .target(name: "Observability", dependencies: [logging], swiftSettings: settings),

        // The edges: the cloud, the disk, the broker.
        .target(
            name: "TCCClient",
            dependencies: [
                "Basics", "HeatingModel", "Observability", asyncHTTPClient, httpTypes, logging, nioCore, nioHTTP1,
                nioPosix,
                nioSSL,
            ],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CFileSpace"),
        .target(name: "StateFile", dependencies: ["CFileSpace", logging, systemPackage], swiftSettings: settings),
        .systemLibrary(name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
        .target(
            name: "MosquittoClient",
            dependencies: ["Basics", "CMosquitto", "Observability", logging, serviceLifecycle],
            swiftSettings: settings
        ),

        // The bridge: decisions without effects, and the loops that act on them.
        .target(name: "BridgeCore", dependencies: ["Basics", "HeatingModel"], swiftSettings: settings),
        .target(
            name: "BridgeServices",
            dependencies: ["Basics", "BridgeCore", "HeatingModel", "Observability", logging, serviceLifecycle],
            swiftSettings: settings
        ),

        // What all that is served over HTTP has in common: connections and their bounds, TLS, who guesses passwords.
        .target(
            name: "HTTPServing",
            dependencies: [
                "Basics", httpTypes, hummingbird, hummingbirdCore, hummingbirdTLS, logging, nioCore, nioHTTPTypes,
                nioSSL,
            ],
            swiftSettings: settings
        ),

        // What people and programs see of the bridge over HTTP. The page is carried by the program, compressed.
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "WebInterface",
            dependencies: [
                "Basics", "BridgeCore", "CZlib", "HTTPServing", "Observability", httpTypes, hummingbird, logging,
                nioCore, serviceLifecycle,
            ],
            resources: [.embedInCode("Page"), .embedInCode("openapi.json")],
            swiftSettings: settings
        ),

        // The vendor's interface, served to other programs.
        .target(
            name: "CloudSharing",
            dependencies: [
                "Basics", "BridgeCore", "HTTPServing", "HeatingModel", "Observability", crypto, httpTypes, hummingbird,
                logging, nioCore, nioSSL, serviceLifecycle, swiftASN1, x509,
            ],
            swiftSettings: settings
        ),

        // A cloud of our own, which shares nothing with the client of the real one.
        .target(
            name: "TCCSimulator",
            dependencies: [
                httpTypes, hummingbird, hummingbirdCore, hummingbirdTLS, logging, nioCore, nioSSL, serviceLifecycle,
            ],
            swiftSettings: settings
        ),

        // The program: it reads settings and puts the rest together.
        .systemLibrary(name: "CHeap"),
        .executableTarget(
            name: "evohome-mqtt",
            dependencies: [
                "Basics", "BridgeCore", "BridgeServices", "CHeap", "CloudSharing", "HTTPServing", "HeatingModel",
                "MosquittoClient", "Observability", "StateFile", "TCCClient", "TCCSimulator", "WebInterface",
                argumentParser, asyncHTTPClient, logging, nioCore, nioHTTP1, nioPosix, nioSSL, serviceLifecycle,
                subprocess, systemPackage, unixSignals, yams,
            ],
            swiftSettings: settings
        ),

        .target(
            name: "TestSupport",
            dependencies: ["Basics", "HeatingModel", "TCCClient", httpTypes, subprocess, systemPackage],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        // Randomness with a seed and literals of times; without the network, so that tests of pure modules build fast.
        .target(name: "TestBasics", dependencies: ["Basics"], path: "Tests/TestBasics", swiftSettings: settings),
        .testTarget(name: "BasicsTests", dependencies: ["Basics", "TestBasics"], swiftSettings: settings),
        .testTarget(
            name: "HeatingModelTests",
            dependencies: ["Basics", "HeatingModel", "TestBasics"],
            swiftSettings: settings
        ),
        .target(
            name: "SimulatorTestSupport",
            dependencies: ["TCCSimulator", logging, serviceLifecycle],
            path: "Tests/SimulatorTestSupport",
            swiftSettings: settings
        ),
        .testTarget(
            name: "BridgeCoreTests",
            dependencies: ["Basics", "BridgeCore", "HeatingModel", "TestBasics"],
            exclude: ["Golden"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BridgeServicesTests",
            dependencies: [
                "Basics", "BridgeCore", "BridgeServices", "HeatingModel", "Observability", "TestBasics", "TestSupport",
                logging, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TCCClientTests",
            dependencies: [
                "Basics", "HeatingModel", "Observability", "TCCClient", "TestSupport", asyncHTTPClient, httpTypes,
                inMemoryLogging, logging, nioCore, nioSSL,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ObservabilityTests",
            dependencies: ["Basics", "Observability", logging],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebInterfaceTests",
            dependencies: [
                "Basics", "BridgeCore", "HTTPServing", "Observability", "TestSupport", "WebInterface", asyncHTTPClient,
                httpTypes, hummingbirdCore, logging, nioCore, nioHTTP1, serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "StateFileTestHelper",
            dependencies: ["StateFile", logging, systemPackage],
            path: "Tests/StateFileTestHelper",
            swiftSettings: settings
        ),
        .testTarget(
            name: "StateFileTests",
            dependencies: [
                "StateFile", "StateFileTestHelper", "TestBasics", inMemoryLogging, logging, subprocess, systemPackage,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "MosquittoClientTests",
            dependencies: [
                "Basics", "MosquittoClient", "Observability", "TestBasics", "TestSupport", inMemoryLogging, logging,
                serviceLifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPServingTests",
            dependencies: ["Basics", "HTTPServing", "TestSupport", hummingbird, logging, nioCore, serviceLifecycle],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CloudSharingTests",
            dependencies: [
                "Basics", "BridgeCore", "CloudSharing", "HTTPServing", "HeatingModel", "TestSupport", logging, nioSSL,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "TCCSimulatorTests",
            dependencies: [
                "SimulatorTestSupport", "TCCSimulator", asyncHTTPClient, logging, nioCore, nioHTTP1, nioPosix, nioSSL,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HomesTests",
            dependencies: [
                "Basics", "BridgeCore", "HeatingModel", "Observability", "SimulatorTestSupport", "TCCClient",
                "TCCSimulator",
                "TestSupport", asyncHTTPClient, httpTypes, logging,
            ],
            exclude: ["Golden", "Homes"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "evohome-mqtt", "MosquittoClient", "SimulatorTestSupport", "TCCSimulator", "TestBasics", "TestSupport",
                asyncHTTPClient,
                logging, nioCore, nioHTTP1, serviceLifecycle, subprocess, systemPackage,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SettingsTests",
            dependencies: [
                "BridgeCore", "CHeap", "MosquittoClient", "Observability", "evohome-mqtt", argumentParser, logging,
                subprocess, systemPackage, yams,
            ],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)

// Built only on demand: it measures, and asserts nothing.
if Context.environment["ENABLE_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Benchmark",
            dependencies: [
                "Basics", "BridgeCore", "BridgeServices", "HeatingModel", "MosquittoClient", "Observability",
                "SimulatorTestSupport", "TCCClient", "TCCSimulator", "TestSupport", asyncHTTPClient, httpTypes,
                logging, nioCore, nioHTTP1, serviceLifecycle, subprocess, systemPackage,
            ],
            path: "Tests/Benchmark",
            exclude: ["other_clients.py"],
            swiftSettings: settings
        )
    )
}

// Built only on demand: it runs for as long as it is told to.
if Context.environment["ENABLE_CAMPAIGN"] != nil {
    package.targets.append(
        .executableTarget(
            name: "Campaign",
            dependencies: [
                "Basics", "MosquittoClient", "TestBasics", "TestSupport", "evohome-mqtt", argumentParser,
                asyncHTTPClient, logging, nioCore, nioHTTP1, subprocess, systemPackage,
            ],
            path: "Tests/Campaign",
            swiftSettings: settings
        )
    )
}

// Built only on demand, by Tests/Fuzzing/run, which says where libFuzzer is. The compiler counts branches for it.
if let libFuzzer = Context.environment["ENABLE_FUZZING"] {
    for target in package.targets where [.regular, .executable].contains(target.type) {
        target.swiftSettings?.append(.unsafeFlags(["-Xfrontend", "-sanitize=fuzzer", "-enable-testing"]))
        if target.type == .executable { target.linkerSettings = [.unsafeFlags([libFuzzer, "-lstdc++", "-lm"])] }
    }
    package.targets.append(
        .executableTarget(
            name: "Fuzzing",
            dependencies: [
                "Basics", "BridgeCore", "HeatingModel", "StateFile", "TCCClient", "TestSupport", "evohome-mqtt",
                systemPackage,
            ],
            path: "Tests/Fuzzing",
            exclude: ["run"],
            swiftSettings: settings + [.unsafeFlags(["-enable-testing"])],
            linkerSettings: [.unsafeFlags([libFuzzer, "-lstdc++", "-lm"])]
        )
    )
}
