/**
 * The shapes that the server speaks (docs/protocol.md), as far as the page reads them. This module holds types only.
 *
 * @typedef {{ en: string, it: string }} Text  words in both languages
 * @typedef {Record<string, any>} Json
 *
 * @typedef {object} Field  a JSON-Schema property with what a control needs to know
 * @property {"number" | "integer" | "string" | "boolean"} type
 * @property {number} [minimum]
 * @property {number} [exclusiveMinimum]
 * @property {number} [maximum]
 * @property {number} [exclusiveMaximum]
 * @property {any} [default]
 * @property {any[]} [enum]
 * @property {Record<string, Text>} [choices]  words for the entries of `enum`
 * @property {"linear" | "log"} [scale]
 * @property {number} [step]
 * @property {Text} [label]
 * @property {Text} [help]
 *
 * @typedef {object} Component
 * @property {string} name
 * @property {Text} label
 * @property {Text} help
 * @property {string} formula
 * @property {Record<string, Field>} fields
 * @property {"binary" | "multiclass" | "regression"} [task]
 * @property {number} [inputs]
 * @property {number | null} [classes]
 * @property {string} [symbol]
 * @property {[number | null, number | null] | null} [range]
 * @property {boolean} [layerwise]
 * @property {boolean} [signed]  of an activation: it gives values of both signs; of a loss: it needs such an output
 * @property {string | null} [output]  of a loss: the output's activation that it needs
 * @property {string[]} [tasks]
 * @property {boolean} [averaged]  of a metric: more than two classes have it as the mean of what it is for each
 * @property {[number, number] | null} [image]  rows and columns, where an example is one
 * @property {boolean} [whole]  whether the network learns from every example, so that none are split off
 * @property {boolean} [given]  whether its examples are a user's own
 * @property {string | null} [watches]  the figure that a stop rule goes by
 *
 * @typedef {{ name: string } & Json} Chosen  a component as it stands in a spec: its name and its fields
 *
 * @typedef {{ train: number, validation: number, test: number | null }} Split
 * @typedef {{ units: number, activation: Chosen, dropout?: number }} HiddenLayer
 *
 * @typedef {object} Spec
 * @property {number} version
 * @property {{ dataset: Chosen, split: Split, features: string[], seed: number }} data
 * @property {{ layers: HiddenLayer[], output_activation?: Chosen | null, initializer: Chosen, seed: number }} network
 * @property {Training} training
 *
 * @typedef {object} Timeline  how far back a session can go
 * @property {number} first  the first step
 * @property {number} newest  the newest step
 * @property {number} newest_epoch
 * @property {boolean} is_past  whether it stands in its past
 * @property {{ run: number, step: number }[]} line  the runs that the present one goes on from
 * @property {string[]} moments  the names of the networks that it remembers
 *
 * @typedef {object} Divergence  how a run came to diverge
 * @property {number} step
 * @property {number} learning_rate
 * @property {{ step: number, loss: number | null }[]} losses
 * @property {number | null} largest_weight
 * @property {number} good_step  the last step before the loss began to grow
 * @property {number} good_epoch
 * @property {number | null} good_loss
 *
 * @typedef {object} Training
 * @property {Chosen} optimizer
 * @property {Chosen} schedule
 * @property {number} warmup_epochs
 * @property {Chosen} loss
 * @property {number} batch_size
 * @property {Chosen} regularizer
 * @property {Chosen} clipping
 * @property {number} input_noise
 * @property {number} input_shift
 * @property {Chosen[]} stop
 * @property {number} seed
 *
 * @typedef {object} Preset
 * @property {string} name
 * @property {Text} group  what it is about
 * @property {Text} label
 * @property {Text} help
 * @property {Text} look  what to look for
 * @property {Spec} spec
 * @property {number} epochs  that it is worth training for
 *
 * @typedef {object} CatalogueDocument
 * @property {Record<string, Component[]>} components
 * @property {Record<string, Field>} fields
 * @property {Spec} defaults
 * @property {Preset[]} presets
 * @property {Record<string, number>} limits
 *
 * @typedef {object} DatasetPreview
 * @property {[number, number][]} [inputs]
 * @property {number[]} [targets]
 * @property {[number, number]} [plane]
 *
 * @typedef {{ shape: [number, number], range: [number, number], values: number[] }} FeaturePreview
 * @typedef {{ datasets: Record<string, DatasetPreview>, features: Record<string, FeaturePreview> }} Previews
 *
 * @typedef {{ name: string, inputs: number, units: number, activation: string, parameters: number }} Layer
 * @typedef {Record<string, number | null>} Metrics
 * @typedef {{ n: number, run: number, step: number, epoch: number, [metric: string]: number | null }} Point
 * @typedef {object} Predictions  what the network says of the examples of a part
 * @property {number} step
 * @property {number[]} actual
 * @property {number[]} predicted
 * @property {number[]} confidence  of what it says, 0..1
 * @property {number[][] | null} confusion  a row an actual class, a column a predicted one; null: there are no classes
 * @property {number | null} threshold  above which an output means class 1, where there are two
 * @property {Roc | null} roc
 * @property {Record<string, number | null> & { classes?: ClassFigures[] }} figures  null: there is nothing to divide by
 *
 * @typedef {Predictions & { confusion: number[][] }} PredictedClasses
 *
 * @typedef {{ false_positive_rate: number[], true_positive_rate: number[], thresholds: (number | null)[] }} Roc
 *
 * @typedef {object} ClassCounts
 * @property {number} true_positives
 * @property {number} false_positives
 * @property {number} true_negatives
 * @property {number} false_negatives
 *
 * @typedef {ClassCounts & Record<string, number | null>} ClassFigures  how well one class is told from all others
 *
 * @typedef {"queued" | "idle" | "running" | "paused" | "diverged" | "done"} RunState
 * @typedef {{ position: number, length: number }} Queue  1 is the next one to get a place
 * @typedef {"ok" | "disk_full" | "locked" | "failed" | "off"} Saving
 *
 * A column of a user's table; the network is given (number - offset) · scale. Of classes both are null.
 *
 * @typedef {{ name: string, offset: number | null, scale: number | null }} Scaled
 *
 * @typedef {object} DataFacts  what kind of examples a session has, and what a table calls their classes and numbers
 * @property {"binary" | "multiclass" | "regression"} task
 * @property {number} inputs
 * @property {number | null} classes
 * @property {boolean} own_test  whether test examples are given apart, rather than split off
 * @property {string[] | null} class_names
 * @property {Scaled[] | null} columns  of a table
 * @property {Scaled | null} target
 * @property {number} left_out  rows of a table in which something is missing
 *
 * @typedef {{ examples: number, of: number }} EpochProgress  how many examples have had their turn in this epoch
 * @typedef {{ words: Text, values: Record<string, number | Text> }} Reason  why a run has ended: words with holes
 * @typedef {{ x: number[], lines: { values: number[], target: number | null }[] }} Curve  of a component
 *
 * @typedef {object} Description  what GET /sessions/{id}, `welcome` and `rebuilt` say
 * @property {string} id
 * @property {"owner" | "viewer"} role
 * @property {Spec} spec
 * @property {RunState} state
 * @property {number} step
 * @property {number} epoch
 * @property {number} run
 * @property {number | null} speed
 * @property {number | null} until_epoch
 * @property {string | null} done_by  what ended the run: `run`, or a stop rule's name
 * @property {Reason | null} done_because
 * @property {EpochProgress | null} epoch_progress
 * @property {number} learning_rate  of the next update
 * @property {string} loss  the name of the loss that trains
 * @property {Metrics} metrics
 * @property {number} parameters
 * @property {Layer[]} layers
 * @property {DataFacts} data
 * @property {string[]} arrays
 * @property {number} data_version
 * @property {number} stride
 * @property {Queue | null} [queue]
 * @property {Saving} [saving]
 *
 * @typedef {object} FieldProblem
 * @property {string} field
 * @property {string} code
 * @property {any} [value]
 * @property {any} [limit]
 * @property {string} message
 * @property {number | null} [line]  of a table
 * @property {string | null} [column]
 * @typedef {object} ProblemDocument  an error as in RFC 9457
 * @property {number} [status]
 * @property {string} code
 * @property {string} [title]
 * @property {string} [detail]
 * @property {FieldProblem[]} [errors]
 * @property {number} [retryAfter]  seconds, from the answer's Retry-After
 *
 * @typedef {{ field: string, from: any, to: any, code: string }} Adjustment
 *
 * @typedef {object} SetupNote  something that could not be taken from a link or a file
 * @property {string} field
 * @property {string} code
 * @property {string} [message]
 * @property {any} [value]
 * @property {any} [to]
 * @property {any} [limit]
 *
 * @typedef {object} Imported  what POST /specs/import says
 * @property {Spec} spec
 * @property {SetupNote[]} notes
 * @property {{ hidden: string[], show_others: boolean | null, discretise: boolean | null }} view
 *
 * @typedef {{ id: string, token: string }} Credentials
 *
 * @typedef {{ id: string, name: string, bytes: number }} HeldTable  a table in a collection
 * @typedef {{ field: string, code: string, value: any, to: any, message: string }} TableNote
 *
 * @typedef {object} TableColumn
 * @property {string} name
 * @property {"number" | "text"} kind
 * @property {number} missing
 * @property {number} [min]
 * @property {number} [max]
 * @property {string[] | null} [values]  its texts, if they are few enough to be classes
 *
 * @typedef {object} TableDescription
 * @property {string} id
 * @property {number} rows
 * @property {TableColumn[]} columns
 * @property {(number | string | null)[][]} preview
 * @property {Chosen | null} suggested
 *
 * @typedef {{ reach: "network" | "machine" | "container", hosts: string[] }} Addresses
 *
 * @typedef {{ memory_bytes: number | null, processor_s: number | null }} ProcessLoad
 * @typedef {ProcessLoad & { sessions: number, running: number, lateness_s: number }} WorkerLoad
 *
 * @typedef {object} Load  what GET /admin/load says
 * @property {Record<string, number>} sessions  by state
 * @property {number} streams
 * @property {number} frames  sent since the start
 * @property {number} events
 * @property {WorkerLoad[]} workers
 * @property {number} worker_restarts
 * @property {ProcessLoad} web
 * @property {Saving} saving
 * @property {{ sessions: number, bytes: number }} store
 * @property {number} time_s  on a clock of the server's own
 * @property {number} uptime_s
 * @property {string} version
 * @property {Record<string, number>} limits
 */

export {};
