package dev.gatewright.room.provider.livekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import dev.gatewright.room.Specs;
import dev.gatewright.room.provider.Account;
import dev.gatewright.room.provider.ProviderRoom;
import dev.gatewright.room.provider.Role;
import dev.gatewright.room.provider.TokenSpec;
import dev.gatewright.room.settings.Profile;
import dev.gatewright.room.wire.RoomJson;
import dev.gatewright.secret.Secret;
import io.livekit.server.AccessToken;
import io.livekit.server.CanPublish;
import io.livekit.server.CanPublishData;
import io.livekit.server.CanPublishSources;
import io.livekit.server.CanSubscribe;
import io.livekit.server.RoomAdmin;
import io.livekit.server.RoomCreate;
import io.livekit.server.RoomJoin;
import io.livekit.server.RoomList;
import io.livekit.server.RoomName;
import io.livekit.server.VideoGrant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Our tokens against LiveKit's own library (io.livekit:livekit-server), and checked by the JWT
/// library it checks with.
class LivekitTokenTest {
  private static final String KEY = "APIkey123";
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Account ACCOUNT =
      new Account(
          "livekit",
          java.util.Map.of(
              "url", Secret.of("https://livekit.example"),
              "api_key", Secret.of(KEY),
              "api_secret", Secret.of(SECRET)),
          false);
  private static final long NOW = System.currentTimeMillis();

  @Test
  void an_owner_runs_the_room() {
    assertThat(grants(join(Role.OWNER, Profile.CONVERSATION)))
        .isEqualTo(
            theirs(
                new RoomJoin(true),
                new RoomName("team-1"),
                new RoomAdmin(true),
                new CanPublish(true),
                new CanSubscribe(true),
                new CanPublishData(true)));
  }

  @Test
  void a_viewer_only_receives() {
    assertThat(grants(join(Role.VIEWER, Profile.PODCAST)))
        .isEqualTo(
            theirs(
                new RoomJoin(true),
                new RoomName("team-1"),
                new CanPublish(false),
                new CanSubscribe(true),
                new CanPublishData(false)));
  }

  @Test
  void a_speaker_in_an_audio_room_sends_the_microphone_alone() {
    assertThat(grants(join(Role.SPEAKER, Profile.AUDIO_ROOM)))
        .isEqualTo(
            theirs(
                new RoomJoin(true),
                new RoomName("team-1"),
                new CanPublish(true),
                new CanSubscribe(true),
                new CanPublishData(true),
                new CanPublishSources(List.of("microphone"))));
  }

  @Test
  void a_call_s_own_token_may_create_and_list() {
    String token = LivekitToken.forCall(ACCOUNT, NOW, "").expose();

    assertThat(grants(token)).isEqualTo(theirs(new RoomCreate(true), new RoomList(true)));
  }

  @Test
  void a_room_made_anew_by_a_join_keeps_our_mark() {
    Map<String, Object> config =
        verified(join(Role.SPEAKER, Profile.CONVERSATION)).getClaim("roomConfig").asMap();

    assertThat(String.valueOf(config.get("metadata")))
        .startsWith("{\"room\":\"room_0123456789abcdef0123456789abcdef\",");
    assertThat(config.get("emptyTimeout")).isEqualTo(LivekitMapping.IDLE_SECONDS);
  }

  @Test
  void a_join_token_says_who_and_until_when() {
    DecodedJWT token = verified(join(Role.SPEAKER, Profile.CONVERSATION));

    assertThat(token.getSubject()).isEqualTo("ada");
    assertThat(token.getClaim("name").asString()).isEqualTo("ada");
    assertThat(token.getExpiresAtAsInstant().getEpochSecond()).isEqualTo((NOW + 60_000) / 1000);
  }

  @Test
  void another_secret_does_not_verify_it() {
    String token = join(Role.OWNER, Profile.CONVERSATION);

    assertThatThrownBy(() -> JWT.require(Algorithm.HMAC256(SECRET + "x")).build().verify(token))
        .isInstanceOf(SignatureVerificationException.class);
  }

  private static String join(Role role, Profile profile) {
    ProviderRoom room =
        new ProviderRoom(
            "RM_1", "team-1", "wss://livekit.example", null, "private", null, RoomJson.object());
    return LivekitToken.forJoin(
            ACCOUNT,
            new TokenSpec(
                room,
                new TokenSpec.Made("room_0123456789abcdef0123456789abcdef", profile.id()),
                null,
                role,
                "ada",
                Specs.settings(profile, null),
                NOW,
                NOW + 60_000))
        .expose();
  }

  private static DecodedJWT verified(String token) {
    return JWT.require(Algorithm.HMAC256(SECRET)).withIssuer(KEY).build().verify(token);
  }

  private static Object grants(String token) {
    return verified(token).getClaim("video").asMap();
  }

  private static Object theirs(VideoGrant... grants) {
    AccessToken token = new AccessToken(KEY, SECRET);
    token.setIdentity("ada");
    token.setName("ada");
    token.addGrants(grants);
    return grants(token.toJwt());
  }
}
