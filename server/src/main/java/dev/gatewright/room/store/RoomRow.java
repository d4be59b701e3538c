package dev.gatewright.room.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.Tenant;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.RoomRef;
import dev.gatewright.room.settings.Capability;
import dev.gatewright.room.settings.Outcome;
import dev.gatewright.room.settings.RoomSettings;
import dev.gatewright.room.wire.RoomJson;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A room as the gate remembers it. Never holds a credential; its fingerprint is an HMAC.
///
/// @param id `room_` and a UUIDv7
/// @param providerRoomId empty until the provider has said it
/// @param settings as [RoomSettings#toStoredJson]
/// @param capabilities name → outcome, as the create reported it
/// @param expiresMillis wall clock; null = never
/// @param eject people are put out at that time
/// @param reapMillis when the gate looks after its end next; null = not its business
/// @param version counts the changes of what callers set, from 1
/// @param busyMillis until when one call has the room for itself, wall clock; 0 = nobody has
public record RoomRow(
    String id,
    Tenant tenant,
    String provider,
    String fingerprint,
    String name,
    String providerRoomId,
    String url,
    Status status,
    String profile,
    String settings,
    String capabilities,
    String keyId,
    long createdMillis,
    @Nullable Long expiresMillis,
    boolean eject,
    @Nullable Long reapMillis,
    long version,
    long busyMillis) {

  /// What the gate knows of the room.
  public enum Status {
    /// The provider is being asked.
    CREATING,
    ACTIVE,
    /// The provider no longer has it, and it was not the gate that ended it.
    LOST,
    /// Ended at its time.
    EXPIRED;

    public String id() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public RoomSettings roomSettings() {
    JsonNode tree = RoomJson.parse(settings);
    if (tree == null) {
      throw new IllegalStateException("settings of " + id + " cannot be read");
    }
    return RoomJson.read(tree, RoomSettings.class);
  }

  public ObjectNode capabilitiesJson() {
    return RoomJson.parse(capabilities) instanceof ObjectNode node ? node : RoomJson.object();
  }

  /// What became of each capability when it was last set.
  public Map<Capability, Outcome> outcomes() {
    ObjectNode stored = capabilitiesJson();
    Map<Capability, Outcome> outcomes = new EnumMap<>(Capability.class);
    for (Capability capability : Capability.values()) {
      JsonNode outcome = stored.get(capability.id());
      if (outcome != null) {
        outcomes.put(capability, RoomJson.read(outcome, Outcome.class));
      }
    }
    return outcomes;
  }

  /// Whether what the provider shows under this name is this room: not one that was made elsewhere
  /// after ours was gone. Until the provider has said an id, whatever bears the name is taken for
  /// it, since the gate had reserved the name.
  public boolean is(ProviderRoom room) {
    return providerRoomId.isEmpty() || providerRoomId.equals(room.id()) || id.equals(room.mark());
  }

  public RoomRef ref() {
    return new RoomRef(name, id);
  }

  /// For storing: name → outcome.
  public static String capabilitiesText(Map<Capability, Outcome> outcomes) {
    ObjectNode node = RoomJson.object();
    outcomes.forEach((capability, outcome) -> node.set(capability.id(), RoomJson.tree(outcome)));
    return RoomJson.text(node);
  }
}
