package dev.gatewright.otlp;

import dev.gatewright.telemetry.trace.Span;
import dev.gatewright.telemetry.trace.Trace;
import dev.gatewright.telemetry.trace.TraceParent;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.sdk.common.InstrumentationLibraryInfo;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;

/// A span in the words of the library that sends it. Immutable.
record SentSpan(
    Span span,
    Resource resource,
    String name,
    SpanContext context,
    SpanContext above,
    Attributes attributes)
    implements SpanData {
  static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("gatewright");

  /// Of a name or a text; what is longer is cut.
  private static final int CHARS_MAX = 256;

  static SentSpan of(Span span, Resource resource) {
    Trace trace = span.trace();
    TraceParent place = trace.place();
    String traceId = place.traceId();
    TraceFlags flags = TraceFlags.fromByte((byte) place.flags());
    TraceState state = state(trace.state());
    AttributesBuilder attributes = Attributes.builder();
    span.describe(new Describing(attributes));
    long parent = span.parent();
    String parentId = TraceParent.id(parent);
    return new SentSpan(
        span,
        resource,
        cut(span.name()),
        SpanContext.create(traceId, TraceParent.id(span.id()), flags, state),
        parent == 0
            ? SpanContext.getInvalid()
            : span.inward()
                ? SpanContext.createFromRemoteParent(traceId, parentId, flags, state)
                : SpanContext.create(traceId, parentId, flags, state),
        attributes.build());
  }

  /// As it was read from the caller, whose list begins at the left; the builder puts each before
  /// the others.
  private static TraceState state(String text) {
    if (text.isEmpty()) {
      return TraceState.getDefault();
    }
    TraceStateBuilder builder = TraceState.builder();
    for (String member : List.of(text.split(",")).reversed()) {
      int equal = member.indexOf('=');
      builder.put(member.substring(0, equal), member.substring(equal + 1));
    }
    return builder.build();
  }

  private static String cut(String text) {
    return text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX);
  }

  private record Describing(AttributesBuilder to) implements Span.Words {
    @Override
    public void text(String name, String value) {
      to.put(name, cut(value));
    }

    @Override
    public void number(String name, long value) {
      to.put(name, value);
    }

    @Override
    public void real(String name, double value) {
      to.put(name, value);
    }

    @Override
    public void flag(String name, boolean value) {
      to.put(name, value);
    }
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public SpanKind getKind() {
    return span.inward() ? SpanKind.SERVER : SpanKind.CLIENT;
  }

  @Override
  public SpanContext getSpanContext() {
    return context;
  }

  @Override
  public SpanContext getParentSpanContext() {
    return above;
  }

  @Override
  public StatusData getStatus() {
    return span.failed() ? StatusData.error() : StatusData.unset();
  }

  @Override
  public long getStartEpochNanos() {
    return span.startNanos();
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public List<EventData> getEvents() {
    return List.of();
  }

  @Override
  public List<LinkData> getLinks() {
    return List.of();
  }

  @Override
  public long getEndEpochNanos() {
    return span.endNanos();
  }

  @Override
  public boolean hasEnded() {
    return true;
  }

  @Override
  public int getTotalRecordedEvents() {
    return 0;
  }

  @Override
  public int getTotalRecordedLinks() {
    return 0;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size();
  }

  @Override
  @SuppressWarnings("deprecation") // the interface has it still
  public InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return InstrumentationLibraryInfo.create("gatewright", null);
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return SCOPE;
  }

  @Override
  public Resource getResource() {
    return resource;
  }
}
