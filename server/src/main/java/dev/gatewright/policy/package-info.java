/// Rules `allow|deny × models | providers | ip …`, evaluated layer by layer.
@NullMarked
package dev.gatewright.policy;

import org.jspecify.annotations.NullMarked;
