/* All kernels in one table called TABLE for the instruction set ISA. A kernel file includes its
 * vector header first, then this. */
#include "kernels/flush.inc.h"

#include "kernels/activate.inc.h"
#include "kernels/random.inc.h"
#include "kernels/tile.inc.h"

#include "kernels/dropout.inc.h"
#include "kernels/gradient.inc.h"
#include "kernels/output.inc.h"
#include "kernels/peak.inc.h"
#include "kernels/products.inc.h"
#include "kernels/update.inc.h"

const struct bp_kernels TABLE = {
    .isa = ISA,
    .forward = forward,
    .softmax = softmax,
    .output = output,
    .delta = delta,
    .gradient = gradient,
    .add = add,
    .update = updates,
    .shape = shape,
    .squares = squares,
    .dropout = dropout,
    .uniform = uniform,
    .transpose = transpose,
    .activate = activate,
    .exponential = exponential,
    .peak = peak,
};
