import Foundation
import Hummingbird
import Synchronization

/// The edge between HTTP and the control port.
struct ControlResponder: HTTPResponder {
    typealias Context = ConnectionContext

    let port: ControlPort

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        guard let body = try? await request.body.collect(upTo: 1 << 20) else {
            return Response(CannedResponse(status: 413, body: #"{"error":"The request is too large."}"#))
        }
        return Response(port.answer(CloudRequest(request, body: Array(body.readableBytesView))), spoiltBy: nil)
    }
}

extension TCCSimulator {
    /// What the account has, for people who look for an id.
    var homes: JSON {
        state.withLock { state in
            let installation = state.cloud.installation
            return .array(
                installation.locationIDs.compactMap { id in
                    installation.locations[id].map { location in
                        [
                            "location": .string(id),
                            "name": .string(location.name),
                            "gateways": .array(location.gatewayIDs.map { .string($0) }),
                            "systems": .array(installation.systemIDs(ofLocation: id).map(installation.summary)),
                        ]
                    }
                }
            )
        }
    }
}

extension Installation {
    fileprivate func summary(ofSystem id: String) -> JSON {
        let zoneIDs = systems[id]?.reportedZoneIDs ?? []
        return [
            "system": .string(id),
            "zones": .object(JSONObject(zoneIDs.map { ($0, .string(zones[$0]?.name ?? "")) })),
            "hotWater": systems[id]?.hotWaterID.map { .string($0) } ?? .null,
        ]
    }
}

extension RecordedRequest {
    /// As the control port lists it; times in seconds since 1970, with a fraction.
    var json: JSON {
        [
            "method": .string(method),
            "path": .string(path),
            "query": .string(query),
            "grantType": grantType.map { .string($0) } ?? .null,
            "status": status.map { .number($0) } ?? .null,
            "receivedAt": .number(receivedAt.timeIntervalSince1970),
            "body": .string(body),
        ]
    }
}
