package dev.gatewright.edge;

import dev.gatewright.json.JsonBytes;

/// A refusal in the form of rooms (DESIGN §4): the plain one, what a provider would have said, and
/// PailKit's `detail`, which its clients read whoever refuses.
final class RoomError {
  private RoomError() {}

  /// Whether a path is one of rooms.
  static boolean speaksAt(String path) {
    return isBelow(path, "/api/rooms")
        || isBelow(path, "/v1/rooms")
        || path.equals("/v1/room-plans")
        || path.equals("/v1/room-providers");
  }

  private static boolean isBelow(String path, String root) {
    return path.startsWith(root)
        && (path.length() == root.length() || path.charAt(root.length()) == '/');
  }

  /// JSON in UTF-8.
  static byte[] body(Refusal refusal, String requestId) {
    return new JsonBytes(512)
        .raw("{\"error\":{\"type\":")
        .string(refusal.type())
        .raw(",\"code\":")
        .string(refusal.code())
        .raw(",\"message\":")
        .string(refusal.message())
        .raw(",\"param\":")
        .string(refusal.param())
        .raw(",\"request_id\":")
        .string(requestId)
        .optional(",\"help\":", refusal.help())
        .raw(",\"provider\":null,\"provider_status\":null,\"provider_code\":null},\"detail\":")
        .string(refusal.message())
        .raw("}")
        .toArray();
  }
}
