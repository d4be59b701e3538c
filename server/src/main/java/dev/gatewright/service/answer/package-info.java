/// What a backend's answer means, and how it and the gate's own words reach the caller.
@NullMarked
package dev.gatewright.service.answer;

import org.jspecify.annotations.NullMarked;
