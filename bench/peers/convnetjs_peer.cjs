// ConvNetJS in Node: reads a line of JSON with the task, then a line for each piece of work, and answers each with "{}".
'use strict';

const readline = require('node:readline');
const convnetjs = require('convnetjs');

let task;
let network;
let trainer;
let examples;

/** Layers one by one, since Net.makeLayers would put a linear layer between the last tanh and the loss. */
function makeNetwork(shape) {
  const network = new convnetjs.Net();
  const place = (inputs, more) => ({ in_sx: 1, in_sy: 1, in_depth: inputs, ...more });
  network.layers = [new convnetjs.InputLayer({ out_sx: 1, out_sy: 1, out_depth: shape[0] })];
  shape.slice(1).forEach((units, index) => {
    network.layers.push(new convnetjs.FullyConnLayer(place(shape[index], { num_neurons: units })));
    network.layers.push(new convnetjs.TanhLayer(place(units)));
  });
  network.layers.push(new convnetjs.RegressionLayer(place(shape[shape.length - 1])));
  return network;
}

function begin(message) {
  task = message;
  network = makeNetwork(task.shape);
  trainer = new convnetjs.Trainer(network, {
    method: 'sgd',
    learning_rate: 2 * task.learning_rate, // Its loss is half the squared error.
    momentum: 0,
    batch_size: task.batch_size,
  });
  const volumes = (part) => part.inputs.map((x, index) => ({ x: new convnetjs.Vol(x), t: part.targets[index] }));
  examples = { train: volumes(task.train), test: volumes(task.test) };
}

function trainEpoch() {
  const { train } = examples;
  for (let last = train.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [train[last], train[other]] = [train[other], train[last]];
  }
  for (const { x, t } of train) trainer.train(x, t);
}

function loss(part) {
  let sum = 0;
  for (const { x, t } of part) sum += (network.forward(x).w[0] - t[0]) ** 2;
  return sum / part.length;
}

/** Every unit on a grid, as bytes over its own range. */
function unitMaps(resolution) {
  const layers = network.layers.filter((layer) => layer.layer_type === 'tanh');
  const count = layers.reduce((sum, layer) => sum + layer.out_depth, 0);
  const points = resolution * resolution;
  const values = new Float32Array(count * points);
  const input = new convnetjs.Vol(1, 1, 2, 0);
  const at = (index) => -6 + (12 * index) / (resolution - 1);
  for (let point = 0; point < points; point++) {
    input.w[0] = at(point % resolution);
    input.w[1] = -at(Math.floor(point / resolution));
    network.forward(input);
    let unit = 0;
    for (const layer of layers) {
      for (const value of layer.out_act.w) values[unit++ * points + point] = value;
    }
  }
  const maps = new Uint8Array(count * points);
  for (let start = 0; start < values.length; start += points) {
    let [low, high] = [Infinity, -Infinity];
    for (let index = start; index < start + points; index++) {
      if (values[index] < low) low = values[index];
      if (values[index] > high) high = values[index];
    }
    const scale = 255 / (high - low || 1);
    for (let index = start; index < start + points; index++) maps[index] = (values[index] - low) * scale + 0.5;
  }
  return maps;
}

function frame() {
  trainEpoch();
  loss(examples.train);
  loss(examples.test);
  unitMaps(100);
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  if (message.shape) begin(message);
  for (let count = message.epochs || 0; count > 0; count--) trainEpoch();
  for (let count = message.frames || 0; count > 0; count--) frame();
  process.stdout.write('{}\n');
});
