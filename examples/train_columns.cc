/*
 * Trains on members of structs in a std::vector, in C++11: a block of columns names where the first
 * cell is and how far it is to the next row, so that nothing has to be copied into arrays first.
 * Then predicts other structs where they are.
 */
#include <batchprop/batchprop.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <vector>

namespace
{

struct House {
    double area;      /* m^2 */
    const char *town; /* a category by its name */
    std::int64_t rooms;
    float price; /* 1000 EUR */
};

template <typename T, void (*release)(T *)> struct Release {
    void operator()(T *object) const
    {
        release(object);
    }
};
using Dataset = std::unique_ptr<bp_dataset, Release<bp_dataset, bp_dataset_free>>;
using Model = std::unique_ptr<bp_model, Release<bp_model, bp_model_free>>;
using Trainer = std::unique_ptr<bp_trainer, Release<bp_trainer, bp_trainer_free>>;

void check(bp_status status, const bp_error &error)
{
    if (status != BP_OK)
        throw std::runtime_error(error.message);
}

/* One member of all houses, as a column of a name. */
bp_column_block make_column(bp_cell_type type, const void *first, const char *const *name)
{
    bp_column_block block = bp_column_block_default();
    block.type = type;
    block.data = first;
    block.names = name;
    block.row_stride = sizeof(House);
    block.column_stride = sizeof(House); /* there is one column only */
    return block;
}

/* Blocks of inputs, and of prices as targets. They point into the vector. */
struct Table {
    std::vector<bp_column_block> block;
    bp_blocks blocks;

    explicit Table(const std::vector<House> &houses)
    {
        static const char *const area[] = {"area"}, *const town[] = {"town"};
        static const char *const rooms[] = {"rooms"}, *const price[] = {"price"};
        block.push_back(make_column(BP_CELL_DOUBLE, &houses[0].area, area));
        block.push_back(make_column(BP_CELL_TEXT, &houses[0].town, town));
        block.push_back(make_column(BP_CELL_INTEGER, &houses[0].rooms, rooms));
        block.push_back(make_column(BP_CELL_FLOAT, &houses[0].price, price));
        block.back().role = BP_ROLE_TARGET;
        blocks = bp_blocks_default();
        blocks.rows = houses.size();
        blocks.block = block.data();
        blocks.count = block.size();
    }
};

std::vector<House> make_houses(std::size_t count, std::size_t first)
{
    static const char *const towns[] = {"Aachen", "Bonn", "Cochem"};
    std::vector<House> houses;
    for (std::size_t k = first; k < first + count; k++) {
        House house = {40.0 + static_cast<double>(k * 37 % 100), towns[k % 3],
                       static_cast<std::int64_t>(1 + k * 11 % 5), 0.0f};
        house.price = static_cast<float>(house.area * (k % 3 == 1 ? 4.0 : 3.0)) +
                      10.0f * static_cast<float>(house.rooms);
        houses.push_back(house);
    }
    return houses;
}

Model train(const Table &table)
{
    bp_error error;
    bp_dataset *dataset = nullptr;
    check(bp_dataset_from_blocks(&dataset, &table.blocks, &error), error);
    const Dataset owned_dataset(dataset);

    bp_model_options shape = bp_model_options_default();
    bp_train_options options = bp_train_options_default();
    check(bp_preset_apply(BP_PRESET_MODERN, &shape, &options, &error), error);
    options.epochs = 200;
    bp_model *model = nullptr;
    check(bp_model_create(&model, dataset, &shape, &error), error);
    Model owned_model(model);

    bp_trainer *trainer = nullptr;
    check(bp_trainer_create(&trainer, model, dataset, nullptr, &options, &error), error);
    const Trainer owned_trainer(trainer);
    check(bp_trainer_run(trainer, nullptr, nullptr, nullptr, &error), error);
    return owned_model;
}

/* The mean error, in 1000 EUR; the price of the houses is not read. */
double measure(const bp_model *model, const std::vector<House> &houses)
{
    const Table table(houses);
    std::vector<double> price(houses.size());
    bp_predictions predictions = bp_predictions_default();
    bp_error error;
    predictions.wide_outputs = price.data();
    check(bp_predict_blocks(model, &table.blocks, nullptr, &predictions, &error), error);
    double sum = 0.0;
    for (std::size_t k = 0; k < houses.size(); k++) {
        const double difference = price[k] - static_cast<double>(houses[k].price);
        sum += difference < 0.0 ? -difference : difference;
    }
    return sum / static_cast<double>(houses.size());
}

} // namespace

int main()
{
    try {
        const std::vector<House> houses = make_houses(600, 0), others = make_houses(60, 600);
        const Model model = train(Table(houses));
        const double error = measure(model.get(), others);
        std::printf("60 other houses are predicted to %.1f thousand EUR\n", error);
        if (!(error < 15.0))
            throw std::runtime_error("the network has not learned its samples");
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "train_columns: %s\n", failure.what());
        return 1;
    }
    return 0;
}
