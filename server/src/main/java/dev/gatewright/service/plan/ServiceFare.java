package dev.gatewright.service.plan;

import dev.gatewright.admission.Caller;
import dev.gatewright.call.Leg.Durable;
import dev.gatewright.call.sink.AnswerCost;
import dev.gatewright.call.tap.Meter;
import dev.gatewright.edge.Refusal;
import dev.gatewright.ledger.Charge;
import dev.gatewright.ledger.InsufficientFunds;
import dev.gatewright.ledger.Opening;
import dev.gatewright.ledger.Outcome.Usage;
import dev.gatewright.price.book.PriceEntry;
import dev.gatewright.price.fare.Behind;
import dev.gatewright.price.fare.Broke;
import dev.gatewright.price.fare.Charges;
import dev.gatewright.price.fare.Conditions;
import dev.gatewright.price.fare.Demand;
import dev.gatewright.price.fare.Reserved;
import dev.gatewright.price.fare.UnpricedCalls;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.config.Paid;
import dev.gatewright.service.preset.ServiceEndpoint;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a call of a service costs: free where nobody gave it a price, else reserved and settled as
/// a model's call is. Confined to the call's event loop.
public final class ServiceFare {
  /// A second of the least dense recording there usually is: 16 kbit/s.
  private static final long BYTES_A_SECOND_LEAST = 2_000;

  /// A second of a usual one, 128 kbit/s: what it is taken for where nobody says how long it is.
  private static final long BYTES_A_SECOND_USUAL = 16_000;

  /// Pictures of a request that nobody looked into.
  private static final long IMAGES_UNSEEN = 10;

  /// An answer is reserved as so many bytes where bytes have a price.
  private static final long ANSWER_BYTES = 16 << 20;

  private static final String INPUT = "input";
  private static final String OUTPUT = "output";
  private static final String REQUESTS = "requests";
  private static final String BYTES = "bytes";
  private static final String IMAGES = "images";
  private static final String CHARACTERS = "characters";
  private static final String AUDIO_MILLIS = "audio_millis";
  private static final String AUDIO_SECONDS = "audio_seconds";

  private final Charges charges;
  private final Caller caller;
  private final Paid paid;
  private final String name;
  private final Use use;
  private @Nullable Reserved reserved;
  private @Nullable Broke broke;

  /// Of the last try; null = it costs nothing.
  private @Nullable Opening opened;

  /// What is known of a call before it is sent.
  ///
  /// @param meter what it is counted in; null = it only reads, or is a socket: its bytes
  /// @param work false = it asks about the service and for nothing of it
  /// @param bytes of its body; negative = unknown
  /// @param outputTokens its cap; negative = it names none
  /// @param images asked for; negative = nobody looked
  /// @param characters to be spoken; negative = nobody looked
  /// @param audioMillis of its recording; negative = nobody knows
  public record Use(
      @Nullable Meter meter,
      boolean work,
      long bytes,
      long outputTokens,
      long choices,
      long images,
      long characters,
      long audioMillis) {
    /// A socket: what is said in it nobody looks into.
    public static final Use SOCKET = new Use(null, true, 0, -1, 1, -1, -1, -1);
  }

  /// What a price calls an endpoint: `service/path`, as the allow list has it, so that no spelling
  /// of a path chooses another price.
  public static String name(Service service, ServiceEndpoint endpoint) {
    return service.id() + endpoint.path();
  }

  /// @param paid whose credential it goes out with
  /// @param name see [#name]
  public ServiceFare(Charges charges, Caller caller, Paid paid, String name, Use use) {
    this.charges = charges;
    this.caller = caller;
    this.paid = paid;
    this.name = name;
    this.use = use;
  }

  /// Why it may not go out, before anything is taken for it: its price and what limits it do not go
  /// together. Null = it may.
  @Nullable Refusal refusal(long atMillis) {
    Charge charge = priced(atMillis);
    PriceEntry entry = charge == null ? null : charges.entry(charge);
    if (entry == null) {
      return null;
    }
    Behind behind = behind(atMillis);
    if (!behind.limits()) {
      return null;
    }
    Refusal unpriced = covered(entry) ? null : unpriced(behind);
    if (unpriced != null) {
      return unpriced;
    }
    return use.bytes < 0 && sized(entry) ? lengthRequired() : null;
  }

  /// The opening with what it is priced by and what is kept aside for it.
  Opening of(Opening opening) {
    long at = opening.startedMillis();
    Charge charge = priced(at);
    if (charge == null) {
      opened = null;
      return opening.with(Charges.FREE);
    }
    Reserved now = charges.reserved(charge, behind(at), demand());
    reserved = now;
    Opening paidFor = opening.with(now.charge());
    opened = paidFor;
    return paidFor;
  }

  /// What the caller is told of it; nothing where no price was asked.
  AnswerCost cost(Supplier<Usage> usage) {
    return new AnswerCost(charges, opened, usage);
  }

  /// As for a model's call.
  Durable durable() {
    return reserved != null && reserved.holds() ? Durable.BEFORE_SENDING : Durable.BEFORE_ANSWERING;
  }

  /// What the caller is told when the opening cannot be taken.
  Refusal untaken(Throwable cause) {
    Reserved asked = reserved;
    if (!(cause instanceof InsufficientFunds funds) || asked == null) {
      return Refusal.overloaded("Calls cannot be recorded at the moment.", 1);
    }
    Broke told = charges.broke(asked, funds, caller.tenant().organizationId());
    broke = told;
    return told.refusal();
  }

  /// Adds what goes with a refusal of this fare's own.
  void put(Refusal refusal, HttpHeaders headers) {
    Broke told = broke;
    if (told != null && told.refusal().equals(refusal)) {
      told.put(headers::set);
    }
  }

  private Behind behind(long atMillis) {
    return charges.behind(caller.tenant(), caller.id(), caller.personId(), paid.rung(), atMillis);
  }

  /// Null = it costs nothing.
  private @Nullable Charge priced(long atMillis) {
    Charge charge = charges.none() ? null : charges.of(name, null, "", atMillis);
    PriceEntry entry = charge == null ? null : charges.entry(charge);
    if (charge == null || entry == null) {
      return null;
    }
    if (!use.work && !entry.prices(REQUESTS) && !entry.prices(BYTES)) {
      return null;
    }
    return new Charge(
        charge.version(), new Conditions("", "", asked()).text(), false, charge.holds());
  }

  /// What counts where nothing that is measured has a price.
  private Map<String, Long> asked() {
    Meter meter = use.work ? use.meter : null;
    if (meter == null) {
      return Map.of();
    }
    return switch (meter) {
      case SPEECH -> use.characters > 0 ? Map.of(CHARACTERS, use.characters) : Map.of();
      case PICTURES -> Map.of(IMAGES, Math.max(1, use.images));
      case RECORDING -> {
        long millis =
            use.audioMillis >= 0 ? use.audioMillis : use.bytes * 1_000 / BYTES_A_SECOND_USUAL;
        yield millis > 0 ? Map.of(AUDIO_MILLIS, millis) : Map.of();
      }
      case TOKENS, EMBEDDINGS, NOTHING -> Map.of();
    };
  }

  /// The most it may use.
  private Demand demand() {
    Map<String, Long> most = new TreeMap<>();
    most.put(BYTES, ANSWER_BYTES);
    long bytes = Math.max(0, use.bytes);
    if (use.meter == Meter.SPEECH) {
      most.put(CHARACTERS, use.characters >= 0 ? use.characters : bytes);
    } else if (use.meter == Meter.PICTURES) {
      most.put(IMAGES, use.images >= 0 ? use.images : IMAGES_UNSEEN);
    } else if (use.meter == Meter.RECORDING) {
      most.put(
          AUDIO_MILLIS,
          use.audioMillis >= 0 ? use.audioMillis : bytes * 1_000 / BYTES_A_SECOND_LEAST);
    }
    boolean writes = use.work && use.meter != null && use.meter != Meter.EMBEDDINGS;
    return Demand.ofService(bytes, writes ? use.outputTokens : 0, use.choices, most);
  }

  /// Whether what it will be counted in has a price.
  private boolean covered(PriceEntry entry) {
    Meter meter = use.meter;
    if (!use.work || entry.prices(REQUESTS)) {
      return true;
    }
    if (meter == null) {
      return entry.prices(BYTES);
    }
    boolean tokens = entry.prices(INPUT) && entry.prices(OUTPUT);
    return switch (meter) {
      case TOKENS -> tokens || entry.prices(BYTES);
      case EMBEDDINGS -> entry.prices(INPUT);
      case SPEECH -> tokens || entry.prices(CHARACTERS);
      case PICTURES -> tokens || entry.prices(IMAGES);
      case RECORDING -> tokens || entry.prices(AUDIO_SECONDS);
      case NOTHING -> true;
    };
  }

  /// Whether the body's length decides what is kept aside.
  private boolean sized(PriceEntry entry) {
    boolean recording = use.meter == Meter.RECORDING && use.audioMillis < 0;
    return entry.prices(INPUT) || (recording && entry.prices(AUDIO_SECONDS));
  }

  private @Nullable Refusal unpriced(Behind behind) {
    return charges
        .unpriced()
        .refusal(
            caller.tenant().organizationId(),
            caller.spending().allowUnpriced(),
            paid.allowUnpriced(),
            behind.wallet() != null,
            new UnpricedCalls.Lack(
                "%s has a price for nothing this call is counted in, and credit or a budget limits it (expected: a price that names it)."
                    .formatted(Refusal.shown(name)),
                null,
                "Who runs the platform can name a meter of it in its price, or `requests`."));
  }

  private static Refusal lengthRequired() {
    return new Refusal(
        411,
        "invalid_request_error",
        "length_required",
        "content-length: missing (expected: the body's length, because credit or a budget limits this call)",
        "content-length",
        0,
        false);
  }
}
