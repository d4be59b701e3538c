/// Stripe, by the few calls we need.
@NullMarked
package dev.gatewright.payment.stripe;

import org.jspecify.annotations.NullMarked;
