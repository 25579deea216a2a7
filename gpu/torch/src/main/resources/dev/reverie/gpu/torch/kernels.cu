// Some of the kernels of Kernels.java, in its notation. `Real` is float or double, EPSILON that of Kernels.java, and
// SAFETY that of GradientDistance.java. All sums are in a fixed order, so that every run gives the same bits.

// Replaces each value by its sum over all threads of the block, whose number is a multiple of 32.
template <typename T, int COUNT>
__device__ void sum_over_block(T (&values)[COUNT]) {
    __shared__ T of_warps[COUNT][32];
    int thread = threadIdx.y * blockDim.x + threadIdx.x;
    int warps = blockDim.x * blockDim.y / 32;
    __syncthreads();  // the sums of an earlier call have been read
    for (int i = 0; i < COUNT; i++) {
        for (int distance = 16; distance > 0; distance /= 2) {
            values[i] += __shfl_xor_sync(0xffffffff, values[i], distance);
        }
        if (thread % 32 == 0) {
            of_warps[i][thread / 32] = values[i];
        }
    }
    __syncthreads();
    for (int i = 0; i < COUNT; i++) {
        T sum = 0;
        for (int warp = 0; warp < warps; warp++) {
            sum += of_warps[i][warp];
        }
        values[i] = sum;
    }
}

// The norm-ReLU-pool and its derivatives. Images are [n, h, w, c] in memory, as tensor cores prefer them. A thread keeps
// the pixels of WINDOWS pooling windows in registers, four channels of each, which it reads at once; a thread block
// computes 4 LANES channels of an image. With an odd height or width, the last windows are incomplete and not pooled.

struct alignas(4 * sizeof(Real)) Channels {
    Real of[4];
};

#define FOR_CHANNELS(c) _Pragma("unroll") for (int c = 0; c < 4; c++)
#define FOR_WINDOWS(k) _Pragma("unroll") for (int k = 0; k < WINDOWS; k++)
#define FOR_PIXELS(k, i) FOR_WINDOWS(k) _Pragma("unroll") for (int i = 0; i < 4; i++)

// Replaces each value by its sum over the threads of the block with the same channels.
template <int LANES, int COUNT>
__device__ void sum_over_image(Channels (&values)[COUNT]) {
    __shared__ Channels of_warps[COUNT][32][LANES];
    __shared__ Channels of_block[COUNT][LANES];
    int lane = threadIdx.x % LANES;
    int warps = blockDim.x / 32;
    __syncthreads();  // the sums of an earlier call have been read
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
        FOR_CHANNELS(c) {
            for (int distance = 16; distance >= LANES; distance /= 2) {
                values[i].of[c] += __shfl_xor_sync(0xffffffff, values[i].of[c], distance);
            }
        }
        if (threadIdx.x % 32 < LANES) {
            of_warps[i][threadIdx.x / 32][lane] = values[i];
        }
    }
    __syncthreads();
    for (int j = threadIdx.x; j < COUNT * LANES * 4; j += blockDim.x) {
        int i = j / (LANES * 4);
        int channel = j % (LANES * 4);
        Real sum = 0;
        for (int warp = 0; warp < warps; warp++) {
            sum += of_warps[i][warp][channel / 4].of[channel % 4];
        }
        of_block[i][channel / 4].of[channel % 4] = sum;
    }
    __syncthreads();
#pragma unroll
    for (int i = 0; i < COUNT; i++) {
        values[i] = of_block[i][lane];
    }
}

// Where the values of a thread are, and what all passes know of its channels.
template <int LANES, int WINDOWS>
struct Part {
    int height, width, vectors, image, vector;
    int top[WINDOWS], left[WINDOWS];  // the first pixel of each window; divisions are slow, so there are no others
    size_t plane;                     // index of the first channel in [n, c]
    Real pixels;
    Channels mean, inverse, scale, shift;

    __device__ Part(const Real *scale, const Real *shift, int channels, int height, int width)
        : height(height), width(width), vectors(channels / 4), pixels((Real) height * width) {
        int groups = (vectors + LANES - 1) / LANES;
        image = blockIdx.x / groups;
        // threads beyond the last channels repeat them
        vector = min((int) (blockIdx.x % groups * LANES + threadIdx.x % LANES), vectors - 1);
        plane = ((size_t) image * vectors + vector) * 4;
        FOR_CHANNELS(c) {
            this->scale.of[c] = scale[4 * vector + c];
            this->shift.of[c] = shift[4 * vector + c];
        }
        int columns = (width + 1) / 2;
        FOR_WINDOWS(k) {
            int window = threadIdx.x / LANES + k * (blockDim.x / LANES);
            top[k] = 2 * (window / columns);
            left[k] = 2 * (window % columns);
        }
    }

    __device__ void normalise(const Real *statistics) {
        FOR_CHANNELS(c) {
            mean.of[c] = statistics[2 * (plane + c)];
            inverse.of[c] = statistics[2 * (plane + c) + 1];
        }
    }

    __device__ bool first() const { return threadIdx.x < LANES; }

    // Whether a pixel of a window is in the image; windows after the last one are below it.
    __device__ bool contains(int k, int i) const { return top[k] + i / 2 < height && left[k] + i % 2 < width; }

    __device__ bool pools(int k) const { return contains(k, 3); }

    __device__ size_t at(int k, int i) const {
        return (((size_t) image * height + top[k] + i / 2) * width + left[k] + i % 2) * vectors + vector;
    }

    __device__ size_t pooled_at(int k) const {
        return (((size_t) image * (height / 2) + top[k] / 2) * (width / 2) + left[k] / 2) * vectors + vector;
    }

    __device__ void read(const Real *images, Channels (&values)[WINDOWS][4]) const {
        FOR_PIXELS(k, i) {
            values[k][i] = contains(k, i) ? reinterpret_cast<const Channels *>(images)[at(k, i)] : Channels{};
        }
    }

    // Reads the derivative with respect to the output of the pool, a quarter of which belongs to each pixel.
    __device__ void read_pooled(const Real *pooled, Channels (&quarters)[WINDOWS]) const {
        FOR_WINDOWS(k) {
            quarters[k] = pools(k) ? reinterpret_cast<const Channels *>(pooled)[pooled_at(k)] : Channels{};
            FOR_CHANNELS(c) { quarters[k].of[c] /= 4; }
        }
    }

    __device__ void write(Real *images, int k, int i, const Channels &value) const {
        reinterpret_cast<Channels *>(images)[at(k, i)] = value;
    }

    __device__ void write_pooled(Real *pooled, int k, const Channels &value) const {
        reinterpret_cast<Channels *>(pooled)[pooled_at(k)] = value;
    }

    __device__ Real hat(const Channels &z, int c) const { return (z.of[c] - mean.of[c]) * inverse.of[c]; }

    __device__ bool active(Real hat, int c) const { return scale.of[c] * hat + shift.of[c] > 0; }
};

template <int LANES, int WINDOWS>
__device__ void output(const Real *z, const Real *scale, const Real *shift, Real *statistics, Real *p, int channels,
                       int height, int width) {
    Part<LANES, WINDOWS> part(scale, shift, channels, height, width);
    Channels values[WINDOWS][4];
    part.read(z, values);
    Channels sum[1] = {};
    FOR_PIXELS(k, i) {
        FOR_CHANNELS(c) { sum[0].of[c] += values[k][i].of[c]; }
    }
    sum_over_image<LANES>(sum);
    FOR_CHANNELS(c) { part.mean.of[c] = sum[0].of[c] / part.pixels; }
    Channels squares[1] = {};
    FOR_PIXELS(k, i) {
        FOR_CHANNELS(c) {
            Real difference = part.contains(k, i) ? values[k][i].of[c] - part.mean.of[c] : 0;
            squares[0].of[c] += difference * difference;
        }
    }
    sum_over_image<LANES>(squares);
    FOR_CHANNELS(c) { part.inverse.of[c] = 1 / sqrt(squares[0].of[c] / part.pixels + (Real) EPSILON); }
    if (part.first()) {
        FOR_CHANNELS(c) {
            statistics[2 * (part.plane + c)] = part.mean.of[c];
            statistics[2 * (part.plane + c) + 1] = part.inverse.of[c];
        }
    }
    FOR_WINDOWS(k) {
        if (part.pools(k)) {
            Channels total = {};
            for (int i = 0; i < 4; i++) {
                FOR_CHANNELS(c) {
                    Real activation = part.scale.of[c] * part.hat(values[k][i], c) + part.shift.of[c];
                    total.of[c] += max(activation, (Real) 0) / 4;
                }
            }
            part.write_pooled(p, k, total);
        }
    }
}

// Also writes the image's parts of dScale and dShift, [n, c] each.
template <int LANES, int WINDOWS>
__device__ void gradient(const Real *z, const Real *statistics, const Real *scale, const Real *shift, const Real *dp,
                         Real *dz, Real *scale_parts, Real *shift_parts, int channels, int height, int width) {
    Part<LANES, WINDOWS> part(scale, shift, channels, height, width);
    Channels values[WINDOWS][4];
    part.read(z, values);
    Channels quarters[WINDOWS];
    part.read_pooled(dp, quarters);
    part.normalise(statistics);
    Channels sums[2] = {};  // of da, and of da hat
    FOR_PIXELS(k, i) {
        FOR_CHANNELS(c) {
            Real hat = part.hat(values[k][i], c);
            Real da = part.active(hat, c) ? quarters[k].of[c] : 0;
            sums[0].of[c] += da;
            sums[1].of[c] += da * hat;
        }
    }
    sum_over_image<LANES>(sums);
    if (part.first()) {
        FOR_CHANNELS(c) {
            shift_parts[part.plane + c] = sums[0].of[c];
            scale_parts[part.plane + c] = sums[1].of[c];
        }
    }
    FOR_PIXELS(k, i) {
        if (part.contains(k, i)) {
            Channels result;
            FOR_CHANNELS(c) {
                Real hat = part.hat(values[k][i], c);
                Real da = part.active(hat, c) ? quarters[k].of[c] : 0;
                result.of[c] = part.scale.of[c] * part.inverse.of[c]
                    * (da - sums[0].of[c] / part.pixels - hat * (sums[1].of[c] / part.pixels));
            }
            part.write(dz, k, i, result);
        }
    }
}

template <int LANES, int WINDOWS>
__device__ void tangent(const Real *z, const Real *statistics, const Real *scale, const Real *shift, const Real *z_dot,
                        const Real *scale_dot, const Real *shift_dot, Real *p_dot, int channels, int height,
                        int width) {
    Part<LANES, WINDOWS> part(scale, shift, channels, height, width);
    Channels values[WINDOWS][4], changes[WINDOWS][4];
    part.read(z, values);
    part.read(z_dot, changes);
    part.normalise(statistics);
    Channels sums[2] = {};  // of zDot, and of zDot hat
    FOR_PIXELS(k, i) {
        FOR_CHANNELS(c) {
            Real dot = changes[k][i].of[c];
            sums[0].of[c] += dot;
            sums[1].of[c] += dot * part.hat(values[k][i], c);
        }
    }
    sum_over_image<LANES>(sums);
    FOR_WINDOWS(k) {
        if (part.pools(k)) {
            Channels total = {};
            FOR_CHANNELS(c) {
                Real factor = part.scale.of[c] * part.inverse.of[c];
                Real constant = shift_dot[4 * part.vector + c] - factor * sums[0].of[c] / part.pixels;
                Real of_hat = scale_dot[4 * part.vector + c] - factor * sums[1].of[c] / part.pixels;
                for (int i = 0; i < 4; i++) {
                    Real hat = part.hat(values[k][i], c);
                    Real change = constant + hat * of_hat + changes[k][i].of[c] * factor;
                    total.of[c] += part.active(hat, c) ? change / 4 : 0;
                }
            }
            part.write_pooled(p_dot, k, total);
        }
    }
}

// Also writes the image's parts of the changes of dScale and dShift, [n, c] each.
template <int LANES, int WINDOWS>
__device__ void gradient_tangent(const Real *z, const Real *statistics, const Real *scale, const Real *shift,
                                 const Real *z_dot, const Real *scale_dot, const Real *dp, const Real *dp_dot,
                                 Real *dz_dot, Real *scale_parts, Real *shift_parts, int channels, int height,
                                 int width) {
    Part<LANES, WINDOWS> part(scale, shift, channels, height, width);
    Channels values[WINDOWS][4], changes[WINDOWS][4];
    part.read(z, values);
    part.read(z_dot, changes);
    Channels quarters[WINDOWS], quarters_dot[WINDOWS];
    part.read_pooled(dp, quarters);
    part.read_pooled(dp_dot, quarters_dot);
    part.normalise(statistics);
    Channels sums[7] = {};
    FOR_PIXELS(k, i) {
        FOR_CHANNELS(c) {
            Real hat = part.hat(values[k][i], c);
            Real dot = changes[k][i].of[c];
            bool active = part.active(hat, c);
            Real da = active ? quarters[k].of[c] : 0;
            Real da_dot = active ? quarters_dot[k].of[c] : 0;
            sums[0].of[c] += da;
            sums[1].of[c] += da * hat;
            sums[2].of[c] += da_dot;
            sums[3].of[c] += da_dot * hat;
            sums[4].of[c] += dot;
            sums[5].of[c] += dot * hat;
            sums[6].of[c] += da * dot;
        }
    }
    sum_over_image<LANES>(sums);
    Channels of_da, of_da_dot, of_dot, of_hat, constant;
    FOR_CHANNELS(c) {
        Real da_mean = sums[0].of[c] / part.pixels, da_along = sums[1].of[c] / part.pixels;
        Real da_dot_mean = sums[2].of[c] / part.pixels, da_dot_along = sums[3].of[c] / part.pixels;
        Real dot_mean = sums[4].of[c] / part.pixels, dot_along = sums[5].of[c] / part.pixels;
        Real inverse = part.inverse.of[c];
        Real gain = part.scale.of[c];
        Real gain_dot = scale_dot[4 * part.vector + c];
        // hatDot = inverse (zDot - mean of zDot - hat (mean of zDot hat)); this is the mean of its product with da
        Real da_along_hat_dot =
            inverse * (sums[6].of[c] / part.pixels - dot_mean * da_mean - dot_along * da_along);
        if (part.first()) {
            scale_parts[part.plane + c] = (da_dot_along + da_along_hat_dot) * part.pixels;
            shift_parts[part.plane + c] = da_dot_mean * part.pixels;
        }
        Real inverse_dot = -inverse * inverse * dot_along;
        Real correlation = gain * da_along;
        Real correlation_dot = gain * (da_dot_along + da_along_hat_dot) + gain_dot * da_along;
        of_da.of[c] = inverse_dot * gain + inverse * gain_dot;
        of_da_dot.of[c] = inverse * gain;
        of_dot.of[c] = -inverse * inverse * correlation;
        of_hat.of[c] = inverse * (inverse * correlation * dot_along - correlation_dot) - inverse_dot * correlation;
        constant.of[c] = inverse * (inverse * correlation * dot_mean - gain * da_dot_mean - gain_dot * da_mean)
            - inverse_dot * gain * da_mean;
    }
    FOR_PIXELS(k, i) {
        if (part.contains(k, i)) {
            Channels result;
            FOR_CHANNELS(c) {
                Real hat = part.hat(values[k][i], c);
                Real of_pool = quarters[k].of[c] * of_da.of[c] + quarters_dot[k].of[c] * of_da_dot.of[c];
                result.of[c] = constant.of[c] + hat * of_hat.of[c] + changes[k][i].of[c] * of_dot.of[c]
                    + (part.active(hat, c) ? of_pool : 0);
            }
            part.write(dz_dot, k, i, result);
        }
    }
}

// The functions for images of a certain size, with at most 512 threads in a block, and as many blocks on a multiprocessor
// as was fastest on an H200.
#define OUTPUT(LANES, WINDOWS)                                                                                      \
    extern "C" __global__ void __launch_bounds__(512, 2) norm_relu_pool_##LANES##x##WINDOWS(                        \
        const Real *z, const Real *scale, const Real *shift, Real *statistics, Real *p, int channels, int height,   \
        int width) {                                                                                                \
        output<LANES, WINDOWS>(z, scale, shift, statistics, p, channels, height, width);                            \
    }

#define GRADIENT(LANES, WINDOWS)                                                                                    \
    extern "C" __global__ void __launch_bounds__(512, 2) norm_relu_pool_gradient_##LANES##x##WINDOWS(               \
        const Real *z, const Real *statistics, const Real *scale, const Real *shift, const Real *dp, Real *dz,      \
        Real *scale_parts, Real *shift_parts, int channels, int height, int width) {                                \
        gradient<LANES, WINDOWS>(z, statistics, scale, shift, dp, dz, scale_parts, shift_parts, channels, height,   \
                                 width);                                                                            \
    }

#define TANGENT(LANES, WINDOWS, BLOCKS)                                                                             \
    extern "C" __global__ void __launch_bounds__(512, BLOCKS) norm_relu_pool_tangent_##LANES##x##WINDOWS(           \
        const Real *z, const Real *statistics, const Real *scale, const Real *shift, const Real *z_dot,             \
        const Real *scale_dot, const Real *shift_dot, Real *p_dot, int channels, int height, int width) {           \
        tangent<LANES, WINDOWS>(z, statistics, scale, shift, z_dot, scale_dot, shift_dot, p_dot, channels, height,  \
                                width);                                                                             \
    }

#define GRADIENT_TANGENT(LANES, WINDOWS)                                                                            \
    extern "C" __global__ void __launch_bounds__(512) norm_relu_pool_gradient_tangent_##LANES##x##WINDOWS(          \
        const Real *z, const Real *statistics, const Real *scale, const Real *shift, const Real *z_dot,             \
        const Real *scale_dot, const Real *dp, const Real *dp_dot, Real *dz_dot, Real *scale_parts,                 \
        Real *shift_parts, int channels, int height, int width) {                                                   \
        gradient_tangent<LANES, WINDOWS>(z, statistics, scale, shift, z_dot, scale_dot, dp, dp_dot, dz_dot,         \
                                         scale_parts, shift_parts, channels, height, width);                        \
    }

OUTPUT(4, 2)
OUTPUT(2, 2)
OUTPUT(2, 4)
OUTPUT(1, 8)
GRADIENT(2, 1)
GRADIENT(2, 2)
GRADIENT(2, 4)
GRADIENT(1, 8)
TANGENT(4, 2, 1)
TANGENT(2, 2, 2)
TANGENT(2, 4, 2)
TANGENT(1, 8, 2)
GRADIENT_TANGENT(2, 1)
GRADIENT_TANGENT(2, 2)
GRADIENT_TANGENT(2, 4)
GRADIENT_TANGENT(1, 8)

// Sums the parts of each channel, [n, c], over the samples; a thread block computes one channel.
extern "C" __global__ void sum_samples(const Real *scale_parts, const Real *shift_parts, Real *scale, Real *shift,
                                       int samples, int channels) {
    Real sums[2] = {0, 0};
    for (int sample = threadIdx.x; sample < samples; sample += blockDim.x) {
        sums[0] += scale_parts[(size_t) sample * channels + blockIdx.x];
        sums[1] += shift_parts[(size_t) sample * channels + blockIdx.x];
    }
    sum_over_block(sums);
    if (threadIdx.x == 0) {
        scale[blockIdx.x] = sums[0];
        shift[blockIdx.x] = sums[1];
    }
}

// A step of SGD with momentum and weight decay.
extern "C" __global__ void descend(Real *p, Real *v, const Real *g, double rate, double momentum, double decay,
                                   int elements) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < elements) {
        v[i] = (Real) momentum * v[i] + (g[i] + (Real) decay * p[i]);
        p[i] -= (Real) rate * v[i];
    }
}

// The distance between two gradients of the weights of one unit, and its derivative with respect to the second one, as
// GradientDistance.java defines them, in double precision; a thread block computes one unit.
extern "C" __global__ void unit_distances(const Real *real, const Real *synthetic, Real *derivative, double *distances,
                                          int kind, int length) {
    const int MSE = 0, L1 = 1, L1_MEAN = 2;
    size_t start = (size_t) blockIdx.x * length;
    double sums[4] = {0, 0, 0, 0};  // of the terms of a difference, of x y, of x squared and of y squared
    for (int i = threadIdx.x; i < length; i += blockDim.x) {
        double x = real[start + i];
        double y = synthetic[start + i];
        sums[0] += kind == MSE ? (y - x) * (y - x) : fabs(y - x);
        sums[1] += x * y;
        sums[2] += x * x;
        sums[3] += y * y;
    }
    sum_over_block(sums);
    double denominator = sqrt(sums[2]) * sqrt(sums[3]) + SAFETY;
    double cosine = sums[1] / denominator;
    double shrink = sums[3] > 0 ? cosine * sqrt(sums[2]) / sqrt(sums[3]) : 0;
    if (threadIdx.x == 0) {
        distances[blockIdx.x] = kind == MSE || kind == L1 ? sums[0] : kind == L1_MEAN ? sums[0] / length : 1 - cosine;
    }
    for (int i = threadIdx.x; i < length; i += blockDim.x) {
        double x = real[start + i];
        double y = synthetic[start + i];
        double sign = (y > x) - (y < x);
        derivative[start + i] = kind == MSE ? 2 * (y - x)
            : kind == L1                    ? sign
            : kind == L1_MEAN               ? sign / length
                                            : (shrink * y - x) / denominator;
    }
}

// The weights with which a convolution computes its adjoint, [in, out, 3, 3], from [out, in, 3, 3]; both with the
// channels of a tap next to each other in memory.
extern "C" __global__ void adjoint_weights(const Real *w, Real *adjoint, int outputs, int inputs) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < outputs * inputs * 9) {
        int output = i % outputs;
        int tap = i / outputs % 9;
        int input = i / outputs / 9;
        adjoint[i] = w[(output * 9 + 8 - tap) * inputs + input];
    }
}

// The squared norm of each centroid, [clusters, dimension]; a thread block computes one.
extern "C" __global__ void squared_norms(const Real *centroids, Real *norms, int dimension) {
    const Real *centroid = centroids + (size_t) blockIdx.x * dimension;
    Real sum[1] = {0};
    for (int i = threadIdx.x; i < dimension; i += blockDim.x) {
        sum[0] += centroid[i] * centroid[i];
    }
    sum_over_block(sum);
    if (threadIdx.x == 0) {
        norms[blockIdx.x] = sum[0];
    }
}

// The nearest centroid of each point, the first on a tie, and the matrix of the members of the clusters, in which a row
// has a one for it; `products` are those of points and centroids. All are [points, clusters]. A warp computes a point.
extern "C" __global__ void assign(const Real *products, const Real *norms, Real *members, int *nearest, int points,
                                  int clusters) {
    int point = (blockIdx.x * blockDim.x + threadIdx.x) / 32;
    int lane = threadIdx.x % 32;
    if (point >= points) {
        return;
    }
    size_t row = (size_t) point * clusters;
    int best = min(lane, clusters - 1);
    Real least = norms[best] - 2 * products[row + best];
    for (int k = lane + 32; k < clusters; k += 32) {
        Real distance = norms[k] - 2 * products[row + k];  // less the squared norm of the point
        if (distance < least) {
            least = distance;
            best = k;
        }
    }
    for (int distance = 16; distance > 0; distance /= 2) {
        Real other = __shfl_xor_sync(0xffffffff, least, distance);
        int other_best = __shfl_xor_sync(0xffffffff, best, distance);
        if (other < least || (other == least && other_best < best)) {
            least = other;
            best = other_best;
        }
    }
    for (int k = lane; k < clusters; k += 32) {
        members[row + k] = k == best;
    }
    if (lane == 0) {
        nearest[point] = best;
    }
}

// Moves each centroid to the mean of its members, whose sum is known; a thread block computes one.
extern "C" __global__ void move_centroids(Real *centroids, const Real *member_sums, const int *nearest, Real *sizes,
                                          double *moved, int points, int dimension) {
    int size[1] = {0};
    for (int i = threadIdx.x; i < points; i += blockDim.x) {
        size[0] += nearest[i] == blockIdx.x;
    }
    sum_over_block(size);
    double square[1] = {0};
    for (int i = threadIdx.x; i < dimension && size[0] > 0; i += blockDim.x) {
        size_t at = (size_t) blockIdx.x * dimension + i;
        Real after = member_sums[at] / size[0];
        double difference = (double) after - centroids[at];
        square[0] += difference * difference;
        centroids[at] = after;
    }
    sum_over_block(square);
    if (threadIdx.x == 0) {
        sizes[blockIdx.x] = size[0];
        moved[blockIdx.x] = square[0];
    }
}
