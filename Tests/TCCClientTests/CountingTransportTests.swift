import HTTPTypes
import Observability
import TCCClient
import TestSupport
import Testing

@Suite("Counting calls")
struct CountingTransportTests {
    private let clock = ManualClock()

    @Test(
        "An endpoint is the last word of the path, whatever ids and queries hold",
        arguments: [
            ("/WebAPI/emea/api/v1/userAccount", "user_account"),
            (
                "/WebAPI/emea/api/v1/location/installationInfo?userId=1&includeTemperatureControlSystems=True",
                "installation_info"
            ),
            ("/WebAPI/emea/api/v1/location/2738909/status?includeTemperatureControlSystems=True", "status"),
            ("/WebAPI/emea/api/v1/temperatureZone/a%2Fb/schedule", "schedule"),
            ("/WebAPI/emea/api/v1/temperatureZone/3432522/heatSetpoint", "heat_setpoint"),
            ("/WebAPI/emea/api/v1/commTasks?commTaskId=/secret", "comm_tasks"),
            ("/Auth/OAuth/Token", "token"), ("/WebAPI/api/devices/9D2E6F6A-1", "devices"), ("/12/34", "other"),
            ("", "other"),
        ]
    )
    func endpoint(path: String, word: String) {
        #expect(CloudEndpoint(path: path).rawValue == word)
    }

    @Test("Calls are counted by the status of the answer, or by the reason why there was none")
    func outcomes() async throws {
        let transport = counting([
            .success(HTTPAnswer(status: 200)), .success(HTTPAnswer(status: 200)), .success(HTTPAnswer(status: 429)),
            .failure(.timedOut), .failure(.notSent(.noRoute)), .failure(.cut), .failure(.tooLarge),
            .failure(.cancelled),
        ])
        for _ in 0..<8 { await call(transport, "/location/1/status") }
        await call(transport, "/temperatureZone/1/heatSetpoint", method: .put)
        let lines = PrometheusText.of(transport.metrics).split(separator: "\n").map(String.init)
        let expected = [
            #"endpoint="heat_setpoint",method="PUT",status="not_sent"} 1"#,
            #"endpoint="status",method="GET",status="200"} 2"#, #"endpoint="status",method="GET",status="429"} 1"#,
            #"endpoint="status",method="GET",status="cancelled"} 1"#,
            #"endpoint="status",method="GET",status="cut"} 1"#,
            #"endpoint="status",method="GET",status="not_sent"} 1"#,
            #"endpoint="status",method="GET",status="timed_out"} 1"#,
            #"endpoint="status",method="GET",status="too_large"} 1"#,
        ]
        let counters = lines.filter { $0.hasPrefix("evohome_cloud_calls_total{") }
        #expect(counters == expected.map { "evohome_cloud_calls_total{" + $0 })
        #expect(transport.counts.byEndpoint == ["status": 8, "heat_setpoint": 1])
    }

    @Test("A call lasts until its whole answer is there")
    func durations() async throws {
        let transport = CountingTransport(
            ScriptedTransport { [clock] _, _ in
                clock.advance(by: .milliseconds(300))
                return HTTPAnswer(status: 200)
            },
            timer: clock
        )
        await call(transport, "/location/1/status")
        let text = PrometheusText.of(transport.metrics)
        #expect(text.contains(#"evohome_cloud_call_duration_seconds_bucket{endpoint="status",le="0.25"} 0"#))
        #expect(text.contains(#"evohome_cloud_call_duration_seconds_bucket{endpoint="status",le="0.5"} 1"#))
        #expect(text.contains(#"evohome_cloud_call_duration_seconds_sum{endpoint="status"} 0.3"#))
    }

    private func counting(_ answers: [Result<HTTPAnswer, TransportFailure>]) -> CountingTransport<ManualClock> {
        CountingTransport(ScriptedTransport(answers), timer: clock)
    }

    private func call(
        _ transport: CountingTransport<ManualClock>,
        _ path: String,
        method: HTTPRequest.Method = .get
    ) async {
        let request = HTTPRequest(method: method, scheme: "https", authority: "cloud", path: path)
        _ = try? await transport.send(request, body: nil, limit: 1000)
    }
}
