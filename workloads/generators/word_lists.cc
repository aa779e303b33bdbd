// SPDX-License-Identifier: Apache-2.0
#include "workloads/generators/word_lists.h"

#include <array>

namespace mbench {
namespace {

constexpr auto kFirstNames = std::to_array<std::string_view>(
    {"Maria",  "Anna",   "Ali",   "Peter",   "Elena",  "David",  "Sara",  "Daniel",
     "Laura",  "Thomas", "Sofia", "Michael", "Julia",  "Lucas",  "Emma",  "Robert",
     "Olga",   "Ahmed",  "Eva",   "Marco",   "Nina",   "Pablo",  "Ines",  "Viktor",
     "Clara",  "Omar",   "Irina", "Hugo",    "Marta",  "Simon",  "Leila", "Felix",
     "Alice",  "Ivan",   "Yuki",  "Oscar",   "Rosa",   "Jonas",  "Mei",   "Adam",
     "Helena", "Karim",  "Greta", "Diego",   "Aisha",  "Anton",  "Paula", "Erik",
     "Zoe",    "Samuel", "Ada",   "Bruno",   "Lena",   "Rafael", "Nora",  "Tomas",
     "Iris",   "Henry",  "Vera",  "Mateo",   "Judith", "Kenji",  "Lotte", "Emil"});

constexpr auto kLastNames = std::to_array<std::string_view>(
    {"Garcia",   "Smith",    "Mueller",  "Silva",   "Kim",      "Ivanov",  "Rossi",    "Martin",
     "Lopez",    "Nguyen",   "Schmidt",  "Santos",  "Johnson",  "Chen",    "Novak",    "Bianchi",
     "Kowalski", "Andersen", "Dubois",   "Costa",   "Weber",    "Popov",   "Khan",     "Fischer",
     "Jensen",   "Moreau",   "Horvat",   "Ferrari", "Wagner",   "Larsen",  "Petrov",   "Romano",
     "Tanaka",   "Becker",   "Laurent",  "Nielsen", "Hoffmann", "Torres",  "Lindberg", "Keller",
     "Marin",    "Suzuki",   "Virtanen", "Richter", "Almeida",  "Vogel",   "Hansen",   "Conti",
     "Berger",   "Nagy",     "Sokolov",  "Lehmann", "Castro",   "Winkler", "Eriksson", "Barbieri",
     "Huber",    "Dimitrov", "Okafor",   "Sanchez", "Brandt",   "Haddad",  "Novotny",  "Maier"});

constexpr auto kEurope = std::to_array<City>(
    {{"Istanbul", 15500}, {"Moscow", 12500},  {"London", 8900},   {"Madrid", 3300},
     {"Berlin", 3700},    {"Kyiv", 2900},     {"Rome", 2800},     {"Paris", 2100},
     {"Vienna", 1900},    {"Hamburg", 1900},  {"Warsaw", 1800},   {"Budapest", 1700},
     {"Barcelona", 1600}, {"Munich", 1500},   {"Milan", 1400},    {"Belgrade", 1400},
     {"Prague", 1300},    {"Sofia", 1200},    {"Brussels", 1200}, {"Birmingham", 1100},
     {"Cologne", 1100},   {"Stockholm", 980}, {"Naples", 910},    {"Amsterdam", 870},
     {"Marseille", 870},  {"Turin", 850},     {"Valencia", 790},  {"Zagreb", 770},
     {"Krakow", 770},     {"Frankfurt", 760}, {"Oslo", 700},      {"Seville", 690},
     {"Riga", 610},       {"Athens", 640},    {"Helsinki", 650},  {"Rotterdam", 650},
     {"Copenhagen", 640}, {"Dublin", 590},    {"Lisbon", 550},    {"Vilnius", 580},
     {"Leipzig", 600},    {"Lyon", 520},      {"Zurich", 420},    {"Tallinn", 440},
     {"Bilbao", 350},     {"Rostock", 210},   {"Geneva", 200},    {"Bergen", 290}});

constexpr auto kWorld = std::to_array<City>(
    {{"Shanghai", 24900},    {"Beijing", 21900}, {"Istanbul", 15500},    {"Lagos", 15400},
     {"Kinshasa", 14300},    {"Tokyo", 14000},   {"Karachi", 14900},     {"Mumbai", 12500},
     {"Sao Paulo", 12300},   {"Moscow", 12500},  {"Delhi", 11000},       {"Jakarta", 10600},
     {"Lima", 10000},        {"Seoul", 9700},    {"Cairo", 9500},        {"Mexico City", 9200},
     {"London", 8900},       {"New York", 8500}, {"Tehran", 8700},       {"Bangkok", 8300},
     {"Hanoi", 8100},        {"Bogota", 7900},   {"Baghdad", 7100},      {"Rio de Janeiro", 6700},
     {"Singapore", 5600},    {"Sydney", 5300},   {"Johannesburg", 4800}, {"Nairobi", 4400},
     {"Los Angeles", 3900},  {"Berlin", 3700},   {"Casablanca", 3400},   {"Madrid", 3300},
     {"Buenos Aires", 3100}, {"Toronto", 2800},  {"Rome", 2800},         {"Chicago", 2700},
     {"Paris", 2100},        {"Vienna", 1900},   {"Auckland", 1700},     {"Montreal", 1800}});

}  // namespace

std::span<const std::string_view> FirstNames() { return kFirstNames; }
std::span<const std::string_view> LastNames() { return kLastNames; }
std::span<const City> CitiesOfEurope() { return kEurope; }
std::span<const City> CitiesOfTheWorld() { return kWorld; }

}  // namespace mbench
